//! Who can answer: one line per service, and where each one lives.

use crate::{
    dialect::Dialect,
    dialects::{
        anthropic::Anthropic, gemini::Gemini, ollama::Ollama, openai_chat::OpenAiChat,
        openai_responses::OpenAiResponses,
    },
};
use std::net::IpAddr;
use url::{Host, Url};

/// A service that answers chats.
pub struct Provider {
    /// Its id in settings and on IPC.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The wire formats it speaks, the one to begin with first.
    pub dialects: &'static [&'static dyn Dialect],
    /// Where it lives; `None` when that is not known before the app runs.
    pub base_url: Option<&'static str>,
    /// Whether it answers nobody without a key.
    pub needs_key: bool,
    /// The environment variables in which people keep its key, the commonest first.
    pub key_envs: &'static [&'static str],
    /// The page where a key is made.
    pub keys_page: Option<&'static str>,
    /// The model to begin with; empty if it cannot be known.
    pub first_model: &'static str,
    /// What the limit on the reply's length is called in `openai-chat`.
    pub max_tokens_field: &'static str,
}

/// Only OpenAI itself insists on the newer name; servers that copied its format know the older.
const OLDER: &str = "max_tokens";
const NEWER: &str = "max_completion_tokens";

/// A service on the internet that speaks OpenAI's format, and wants a key.
const fn copy(
    id: &'static str,
    name: &'static str,
    base_url: &'static str,
    key_envs: &'static [&'static str],
    keys_page: &'static str,
) -> Provider {
    Provider {
        id,
        name,
        dialects: &[&OpenAiChat],
        base_url: Some(base_url),
        needs_key: true,
        key_envs,
        keys_page: Some(keys_page),
        first_model: "",
        max_tokens_field: OLDER,
    }
}

/// Every provider, in the order in which they are offered.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        id: "practice",
        name: "Practice",
        dialects: &[&OpenAiChat, &OpenAiResponses, &Anthropic, &Gemini, &Ollama],
        base_url: None,
        needs_key: false,
        key_envs: &[],
        keys_page: None,
        first_model: "practice-1",
        max_tokens_field: NEWER,
    },
    Provider {
        id: "openai",
        name: "OpenAI",
        dialects: &[&OpenAiChat, &OpenAiResponses],
        base_url: Some("https://api.openai.com/v1"),
        needs_key: true,
        key_envs: &["OPENAI_API_KEY"],
        keys_page: Some("https://platform.openai.com/api-keys"),
        first_model: "gpt-6-luna",
        max_tokens_field: NEWER,
    },
    Provider {
        id: "anthropic",
        name: "Anthropic",
        dialects: &[&Anthropic],
        base_url: Some("https://api.anthropic.com"),
        needs_key: true,
        key_envs: &["ANTHROPIC_API_KEY"],
        keys_page: Some("https://console.anthropic.com/settings/keys"),
        first_model: "claude-haiku-5-5",
        max_tokens_field: NEWER,
    },
    Provider {
        id: "gemini",
        name: "Google Gemini",
        dialects: &[&Gemini],
        base_url: Some("https://generativelanguage.googleapis.com"),
        needs_key: true,
        key_envs: &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        keys_page: Some("https://aistudio.google.com/apikey"),
        first_model: "gemini-3.8-flash",
        max_tokens_field: NEWER,
    },
    Provider {
        id: "ollama",
        name: "Ollama",
        dialects: &[&Ollama, &OpenAiChat],
        // The name `localhost` may lead to ::1, where Ollama does not listen.
        base_url: Some("http://127.0.0.1:11434"),
        needs_key: false,
        key_envs: &[],
        keys_page: None,
        first_model: "",
        max_tokens_field: OLDER,
    },
    copy(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        &["OPENROUTER_API_KEY"],
        "https://openrouter.ai/keys",
    ),
    copy(
        "groq",
        "Groq",
        "https://api.groq.com/openai/v1",
        &["GROQ_API_KEY"],
        "https://console.groq.com/keys",
    ),
    copy(
        "deepseek",
        "DeepSeek",
        "https://api.deepseek.com",
        &["DEEPSEEK_API_KEY"],
        "https://platform.deepseek.com/api_keys",
    ),
    copy(
        "mistral",
        "Mistral",
        "https://api.mistral.ai/v1",
        &["MISTRAL_API_KEY"],
        "https://console.mistral.ai/api-keys",
    ),
    copy("xai", "xAI", "https://api.x.ai/v1", &["XAI_API_KEY"], "https://console.x.ai"),
    Provider {
        id: "custom",
        name: "Custom server",
        dialects: &[&OpenAiChat, &OpenAiResponses, &Anthropic, &Gemini, &Ollama],
        base_url: None,
        needs_key: false,
        key_envs: &[],
        keys_page: None,
        first_model: "",
        max_tokens_field: OLDER,
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

    /// Whether it stands for servers that we know nothing of.
    pub fn is_custom(&self) -> bool {
        self.id == "custom"
    }

    /// The dialect of that id, if this provider speaks it; without an id the first one.
    pub fn dialect(&self, id: Option<&str>) -> Option<&'static dyn Dialect> {
        let Some(id) = id else { return self.dialects.first().copied() };
        self.dialects.iter().copied().find(|dialect| dialect.id() == id)
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
    /// Reads an address as people paste it: with or without a version such as `/v1`, a slash at
    /// its end, or the path of the chat call itself.
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
        let call = CALLS.iter().find_map(|call| path.strip_suffix(call));
        let path = call.unwrap_or(path).to_owned();
        url.set_path(&path);
        Ok(BaseUrl(url))
    }

    /// The address of `call`: below this one as it is, or below `version` of a bare host.
    pub fn join(&self, version: &str, call: &str) -> String {
        let base = self.as_str();
        if self.0.path() == "/" {
            format!("{base}/{version}/{call}")
        } else {
            format!("{base}/{call}")
        }
    }

    /// The address of `call` below `version` of the server that this is an address of, whichever
    /// version it names itself.
    pub fn join_root(&self, version: &str, call: &str) -> String {
        let base = self.as_str();
        let root = VERSIONS.iter().find_map(|version| base.strip_suffix(version)).unwrap_or(base);
        format!("{root}/{version}/{call}")
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
        self.0.as_str().trim_end_matches('/')
    }
}

/// The ends of addresses that people paste whole from an example of a call.
const CALLS: [&str; 4] = ["/chat/completions", "/responses", "/messages", "/chat"];
/// The ends that name a version of an API.
const VERSIONS: [&str; 3] = ["/v1", "/v1beta", "/api"];

/// Whether an address leads back to this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
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
        for (pasted, read, chat) in [
            ("https://example.com", "https://example.com", "https://example.com/v1/c"),
            (" https://example.com/ ", "https://example.com", "https://example.com/v1/c"),
            ("https://example.com/v1/", "https://example.com/v1", "https://example.com/v1/c"),
            ("https://a.com/openai/v1", "https://a.com/openai/v1", "https://a.com/openai/v1/c"),
            ("https://a.com/v1/chat/completions", "https://a.com/v1", "https://a.com/v1/c"),
            ("http://localhost:1234/v1", "http://localhost:1234/v1", "http://localhost:1234/v1/c"),
            ("http://127.0.0.2:80", "http://127.0.0.2", "http://127.0.0.2/v1/c"),
            ("http://[::1]:9/v1", "http://[::1]:9/v1", "http://[::1]:9/v1/c"),
        ] {
            let base = BaseUrl::parse(pasted).expect(pasted);
            assert_eq!(base.as_str(), read, "{pasted}");
            assert_eq!(base.join("v1", "c"), chat, "{pasted}");
        }
        for (pasted, call) in [
            ("https://example.com", "https://example.com/api/c"),
            ("https://example.com/v1", "https://example.com/api/c"),
            ("https://example.com/api/chat", "https://example.com/api/c"),
            ("https://example.com/proxy/v1beta", "https://example.com/proxy/api/c"),
        ] {
            let base = BaseUrl::parse(pasted).expect(pasted);
            assert_eq!(base.join_root("api", "c"), call, "{pasted}");
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
