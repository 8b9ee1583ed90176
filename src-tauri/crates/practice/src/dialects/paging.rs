//! Long lists, a page at a time.

/// The items behind the one with index `start`, at most `size`, and whether more follow.
pub fn page<T: Clone>(items: &[T], start: usize, size: usize) -> (Vec<T>, bool) {
    let rest = items.get(start..).unwrap_or_default();
    (rest.iter().take(size).cloned().collect(), rest.len() > size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_one_page() {
        let items = ["a", "b", "c"];
        assert_eq!(page(&items, 0, 2), (vec!["a", "b"], true));
        assert_eq!(page(&items, 2, 2), (vec!["c"], false));
        assert_eq!(page(&items, 0, 3), (items.to_vec(), false));
        assert_eq!(page(&items, 9, 2), (vec![], false));
    }
}
