//! Who can answer: one line per service, and where each one lives.

mod address;

pub(crate) use address::is_loopback;
pub use address::{BaseUrl, BaseUrlError};

use crate::{
    code::KeySource,
    dialect::Dialect,
    dialects::{
        anthropic::Anthropic, gemini::Gemini, ollama::Ollama, openai_chat::OpenAiChat,
        openai_responses::OpenAiResponses,
    },
    http::{Header, MASK},
};

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

/// The id of the provider inside the app.
pub const PRACTICE: &str = "practice";

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
        id: PRACTICE,
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

    /// Where a program has its key from: the variable in which people keep it, or one named after
    /// the provider. A server of a person's own has no name to tell, and is never sent the key of
    /// a service that it only resembles. Practice takes a key that everybody may know.
    pub fn key_source(&self) -> KeySource {
        if self.base_url.is_none() && !self.is_custom() {
            return KeySource::Known(self.id);
        }
        let named = || format!("{}_API_KEY", self.id.to_uppercase());
        KeySource::Variable(self.key_envs.first().map_or_else(named, |it| (*it).to_owned()))
    }

    /// Whether it stands for servers that we know nothing of.
    pub fn is_custom(&self) -> bool {
        self.id == "custom"
    }

    /// Whether its models are part of this app, so that all about them is known.
    pub fn is_practice(&self) -> bool {
        self.id == "practice"
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

impl Endpoint {
    /// The header in which servers of OpenAI's formats take the key; Azure has one of its own.
    pub fn openai_key(&self) -> Option<Header> {
        let bearer = || Header::new("authorization", format!("Bearer {MASK}"));
        let is_azure = self.base_url.host().is_some_and(|host| host.ends_with(AZURE));
        self.has_key.then(|| if is_azure { Header::new("api-key", MASK) } else { bearer() })
    }
}

/// How the hosts of Azure OpenAI end; each customer has one.
const AZURE: &str = ".openai.azure.com";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_provider_that_lives_there() {
        let at = |url: &str| Provider::at(&BaseUrl::parse(url).expect(url)).id;
        assert_eq!(at("https://api.openai.com"), "openai");
        assert_eq!(at("https://api.openai.com.example"), "custom");
        assert_eq!(at("http://127.0.0.1:9000/v1"), "custom");
    }
}
