//! The table as a file for a spreadsheet.

use super::MonthTable;
use crate::prices::Dollars;

/// A line for each model; dollars are exact decimals, and what is not known is empty.
pub fn csv(table: &MonthTable) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let months = (1..=table.calls.len()).map(|month| format!("month {month}"));
    let head = ["model", "name", "per call", "per day"].map(str::to_owned).into_iter();
    let tail = ["total", "not known because", "note"].map(str::to_owned);
    let mut lines = vec![head.chain(months).chain(tail).collect::<Vec<_>>()];
    for row in &table.rows {
        let money = |it: Option<Dollars>| it.map(|it| it.to_string()).unwrap_or_default();
        let head = [plain(&row.model), plain(&row.name), money(row.per_call), money(row.per_day)];
        let months = (0..table.calls.len()).map(|month| money(row.months.get(month).copied()));
        let words = [&row.missing, &row.note].map(|it| it.clone().unwrap_or_default());
        let tail = std::iter::once(money(row.total)).chain(words);
        lines.push(head.into_iter().chain(months).chain(tail).collect());
    }
    for line in lines {
        writer.write_record(line).expect("every line has the same columns, and memory takes all");
    }
    let bytes = writer.into_inner().expect("memory takes all");
    String::from_utf8(bytes).expect("it was written as text")
}

/// A name that no spreadsheet takes for a formula.
fn plain(name: &str) -> String {
    let is_formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{name}") } else { name.to_owned() }
}
