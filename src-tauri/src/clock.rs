//! What time it is, as it is kept and as prices are dated: in UTC.

use time::OffsetDateTime;

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000) as i64
}

/// The day, as YYYY-MM-DD.
pub fn today() -> String {
    OffsetDateTime::now_utc().date().to_string()
}
