//! A key on its way into one header, and nowhere else.

use crate::{
    ApiError, ErrorKind,
    http::{Header, MASK},
};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// The value of `header` as it goes out, `key` in the place of the mask.
pub fn header_value(header: &Header, key: Option<&SecretString>) -> Result<HeaderValue, ApiError> {
    if !header.takes_key() {
        return HeaderValue::from_str(&header.value).map_err(|_| {
            ErrorKind::BadRequest.said(format!("the header {} is not valid", header.name))
        });
    }
    let key = key.ok_or_else(|| ErrorKind::NoKey.error())?;
    let value = header.value.replace(MASK, key.expose_secret());
    let mut value = HeaderValue::from_str(&value).map_err(|_| ErrorKind::UnusableKey.error())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        let header = Header::new("authorization", format!("Bearer {MASK}"));
        let value = |key: &str| header_value(&header, Some(&key.into()));
        assert_eq!(value("sk-a\nb").unwrap_err().kind, ErrorKind::UnusableKey);
        let value = value("sk-secret-secret").unwrap();
        assert!(!format!("{value:?}").contains("sk-"), "a sensitive header hides its value");
    }
}
