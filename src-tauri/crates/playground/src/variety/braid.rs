//! The tokens of several replies as one tree: a stretch that they share is one node, and where
//! they part it branches.

use super::{Distinct, alike};
use crate::tokens::Encoding;
use serde::Serialize;
use std::cmp::Reverse;
use ts_rs::TS;

/// The most replies that are compared at once.
pub const MOST_REPLIES: usize = 256;

/// A stretch of tokens without a branch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BraidNode {
    /// The node that it goes on from, by its place; null for the root.
    pub parent: Option<u32>,
    /// How many tokens come before it.
    pub at: u32,
    /// How many tokens it has; only the root may have none.
    pub tokens: u32,
    /// How many replies go through it.
    pub count: u32,
    /// How many of them end with it.
    pub ends: u32,
    /// The groups that go through it, by their places.
    pub groups: Vec<u32>,
    /// Its text from its beginning: each span is whole characters, of one token or more. A token
    /// that ends within a character is shown with the one that completes it, be that in a child.
    pub spans: Vec<String>,
    /// How many tokens after these spans are not shown.
    pub hidden: u32,
    /// The spans after those: the end of the node.
    pub last: Vec<String>,
}

/// The braid of `groups`, with at most `limit` spans of each node shown.
pub fn braid(encoding: Encoding, groups: &[Distinct<'_>], limit: usize) -> Vec<BraidNode> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|a, b| groups[*a].ids.cmp(&groups[*b].ids));
    let mut weaver = Weaver { encoding, groups, limit, nodes: Vec::new() };
    if !order.is_empty() {
        weaver.weave(&order, Start::default());
    }
    weaver.nodes
}

struct Weaver<'a> {
    encoding: Encoding,
    groups: &'a [Distinct<'a>],
    limit: usize,
    nodes: Vec<BraidNode>,
}

/// Where a node begins.
#[derive(Clone, Copy, Default)]
struct Start {
    parent: Option<u32>,
    /// The tokens before it.
    token: usize,
    /// The bytes of those that make whole characters.
    shown: usize,
    /// All of their bytes.
    byte: usize,
}

impl Weaver<'_> {
    /// Adds the node of the groups in `order`, which are sorted and begin alike, and all below it.
    fn weave(&mut self, order: &[usize], start: Start) {
        let (first, last) = (&self.groups[order[0]].ids, &self.groups[order[order.len() - 1]].ids);
        // In a sorted list the first and the last have in common what all have.
        let end = alike(first, last);
        let ends = order.iter().filter(|it| self.groups[**it].ids.len() == end);
        let ends = ends.map(|it| self.groups[*it].runs.len() as u32).sum();
        let place = self.nodes.len() as u32;
        let is_leaf = order.len() == 1;
        let (node, next) = self.node(order[0], start, end, is_leaf);
        let mut through: Vec<u32> = order.iter().map(|it| *it as u32).collect();
        through.sort_unstable();
        let count = self.count(order);
        self.nodes.push(BraidNode { count, ends, groups: through, ..node });
        let mut branches = self.branches(order, end);
        branches.sort_by_key(|it| Reverse(self.count(it)));
        for branch in branches {
            self.weave(branch, Start { parent: Some(place), ..next });
        }
    }

    fn count(&self, order: &[usize]) -> u32 {
        order.iter().map(|it| self.groups[*it].runs.len() as u32).sum()
    }

    /// Those that go on, by their next token.
    fn branches<'b>(&self, order: &'b [usize], end: usize) -> Vec<&'b [usize]> {
        let next = |it: &usize| self.groups[*it].ids.get(end);
        let goes_on = order.iter().position(|it| next(it).is_some()).unwrap_or(order.len());
        order[goes_on..].chunk_by(|a, b| next(a) == next(b)).collect()
    }

    /// The tokens from `start` to `end` laid over the text of a group, and where it goes on.
    fn node(&self, group: usize, start: Start, end: usize, is_leaf: bool) -> (BraidNode, Start) {
        let Distinct { text, ids, .. } = &self.groups[group];
        let (mut shown, mut byte, mut open) = (start.shown, start.byte, 0);
        let mut spans = Vec::new();
        for id in &ids[start.token..end] {
            byte += self.encoding.bytes(*id).map_or(0, <[u8]>::len);
            open += 1;
            // All that go through here have these bytes, so they agree on where characters end.
            if text.is_char_boundary(byte) {
                spans.push((&text[shown..byte], open));
                (shown, open) = (byte, 0);
            }
        }
        let tail = if is_leaf { 0 } else { self.limit / 2 };
        let cut = spans.len() > self.limit;
        let head = if cut { self.limit - tail } else { spans.len() };
        let rest = if cut { spans.len() - tail } else { spans.len() };
        let texts = |spans: &[(&str, u32)]| spans.iter().map(|it| it.0.to_owned()).collect();
        let node = BraidNode {
            parent: start.parent,
            at: start.token as u32,
            tokens: (end - start.token) as u32,
            spans: texts(&spans[..head]),
            hidden: spans[head..rest].iter().map(|it| it.1).sum(),
            last: texts(&spans[rest..]),
            ..BraidNode::default()
        };
        (node, Start { parent: None, token: end, shown, byte })
    }
}
