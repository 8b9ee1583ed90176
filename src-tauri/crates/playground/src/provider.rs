//! Who can answer: one line per service, and where each one lives.

use crate::{dialect::Dialect, dialects::openai_chat::OpenAiChat};
use std::net::IpAddr;
use url::{Host, Url};

/// A service that answers chats.
pub struct Provider {
    /// Its id in settings and on IPC.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The wire format it speaks.
    pub dialect: &'static dyn Dialect,
    /// Where it lives; `None` when that is not known before the app runs.
    pub base_url: Option<&'static str>,
    /// The environment variable in which people keep its key.
    pub key_env: Option<&'static str>,
    /// The page where a key is made.
    pub keys_page: Option<&'static str>,
    /// What the limit on the reply's length is called here.
    pub max_tokens_field: &'static str,
    /// The model to begin with.
    pub first_model: &'static str,
}

/// Every provider, in the order in which they are offered.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        id: "practice",
        name: "Practice",
        dialect: &OpenAiChat,
        base_url: None,
        key_env: None,
        keys_page: None,
        max_tokens_field: "max_completion_tokens",
        first_model: "practice-1",
    },
    Provider {
        id: "openai",
        name: "OpenAI",
        dialect: &OpenAiChat,
        base_url: Some("https://api.openai.com/v1"),
        key_env: Some("OPENAI_API_KEY"),
        keys_page: Some("https://platform.openai.com/api-keys"),
        max_tokens_field: "max_completion_tokens",
        first_model: "gpt-6-luna",
    },
    // Only OpenAI itself insists on the newer name; other servers know the older one.
    Provider {
        id: "custom",
        name: "Custom server",
        dialect: &OpenAiChat,
        base_url: None,
        key_env: None,
        keys_page: None,
        max_tokens_field: "max_tokens",
        first_model: "",
    },
];

impl Provider {
    /// The provider with this id.
    pub fn find(id: &str) -> Option<&'static Provider> {
        PROVIDERS.iter().find(|provider| provider.id == id)
    }

    /// The provider that lives at the origin of `base_url`, or the custom one.
    pub fn at(base_url: &BaseUrl) -> &'static Provider {
        let lives_there = |provider: &&Provider| {
            let home = provider.base_url.and_then(|home| BaseUrl::parse(home).ok());
            home.is_some_and(|home| home.origin() == base_url.origin())
        };
        PROVIDERS.iter().find(lives_there).unwrap_or(&PROVIDERS[PROVIDERS.len() - 1])
    }
}

/// Where a dialect is spoken to, with what the request's shape depends on. The key
/// itself is not here: only the client ever holds it.
#[derive(Clone)]
pub struct Endpoint {
    /// The provider's row.
    pub provider: &'static Provider,
    /// Where it is reached.
    pub base_url: BaseUrl,
    /// Whether a key will be sent.
    pub has_key: bool,
}

/// An address that requests may be sent to: `https`, or `http` on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not an absolute URL.
    #[error("this is not a web address; it should look like https://example.com/v1")]
    NotAUrl,
    /// A scheme other than http and https.
    #[error("the address must begin with https:// (or http:// for this computer)")]
    Scheme,
    /// Plain http to another machine.
    #[error(
        "http:// would send the key and the text unprotected over the network; \
         only this computer may be reached that way, so use https://"
    )]
    Unprotected,
    /// A name or password inside the address.
    #[error("the address must not contain a user name or password; the key has its own field")]
    UserInfo,
    /// A query or fragment.
    #[error("the address must not contain ? or #; keys in addresses end up in logs")]
    Query,
}

impl BaseUrl {
    /// Reads an address as people paste it: with or without `/v1`, a slash at its end,
    /// or the path of the chat call itself.
    pub fn parse(text: &str) -> Result<BaseUrl, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(BaseUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::Query);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::Unprotected);
        }
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = if path.is_empty() { "/v1".to_owned() } else { path.to_owned() };
        url.set_path(&path);
        Ok(BaseUrl(url))
    }

    /// The address of a call below this one.
    pub fn join(&self, call: &str) -> String {
        format!("{}/{call}", self.0)
    }

    /// Scheme, host and port: what a key belongs to.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether it never leaves this computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address as text, with no slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_paste_them() {
        for (pasted, read) in [
            ("https://example.com", "https://example.com/v1"),
            (" https://example.com/ ", "https://example.com/v1"),
            ("https://example.com/v1/", "https://example.com/v1"),
            ("https://example.com/openai/v1", "https://example.com/openai/v1"),
            ("https://example.com/v1/chat/completions", "https://example.com/v1"),
            ("http://localhost:1234/v1", "http://localhost:1234/v1"),
            ("http://127.0.0.2:80", "http://127.0.0.2/v1"),
            ("http://[::1]:9/v1", "http://[::1]:9/v1"),
        ] {
            assert_eq!(BaseUrl::parse(pasted).expect(pasted).as_str(), read, "{pasted}");
        }
    }

    #[test]
    fn unsafe_addresses_are_refused_with_their_reason() {
        for (pasted, reason) in [
            ("example.com", BaseUrlError::NotAUrl),
            ("ftp://example.com", BaseUrlError::Scheme),
            ("file:///etc/passwd", BaseUrlError::Scheme),
            ("http://example.com/v1", BaseUrlError::Unprotected),
            ("http://10.0.0.1/v1", BaseUrlError::Unprotected),
            ("http://localhost.example.com", BaseUrlError::Unprotected),
            ("https://me:secret@example.com", BaseUrlError::UserInfo),
            ("https://example.com/v1?key=1", BaseUrlError::Query),
        ] {
            assert_eq!(BaseUrl::parse(pasted), Err(reason), "{pasted}");
        }
    }

    #[test]
    fn a_key_belongs_to_scheme_host_and_port() {
        let origin = |url: &str| BaseUrl::parse(url).expect(url).origin();
        assert_eq!(origin("https://a.example/v1"), origin("https://A.example:443/other"));
        assert_ne!(origin("https://a.example"), origin("https://a.example:8443"));
        assert_ne!(origin("http://localhost:1"), origin("https://localhost:1"));
    }

    #[test]
    fn an_address_leads_to_the_provider_that_lives_there() {
        let at = |url: &str| Provider::at(&BaseUrl::parse(url).expect(url)).id;
        assert_eq!(at("https://api.openai.com"), "openai");
        assert_eq!(at("https://api.openai.com.example"), "custom");
        assert_eq!(at("http://127.0.0.1:9000/v1"), "custom");
    }
}
