//! What lessons ask about: the runs since an instant, as far as checks look at them.

use crate::{Store, StoreError};
use playground::{RunEvent, Target, lesson::facts::RunFacts};
use rusqlite::{Row, params};

/// The most runs that are looked at, the newest: whoever sent more will send another.
const MOST: u32 = 300;

impl Store {
    /// The runs that began here at `since_ms` or later and have ended, in the order in which they
    /// began; of very many the newest. Milliseconds since 1970, UTC.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn facts_since(&self, since_ms: i64) -> Result<Vec<RunFacts>, StoreError> {
        let sql = "SELECT number, started_ms, provider, base_url, dialect, model, chat, by_hand,
                reply, finish, usage
            FROM runs
            WHERE started_ms >= ? AND NOT imported AND outcome NOT IN ('running', 'lost')
            ORDER BY started_ms DESC, number DESC LIMIT ?";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![since_ms, MOST])?;
        let mut facts = Vec::new();
        while let Some(row) = rows.next()? {
            facts.push(self.facts(row)?);
        }
        facts.reverse();
        Ok(facts)
    }

    fn facts(&self, row: &Row<'_>) -> Result<RunFacts, StoreError> {
        let target = Target {
            provider: row.get(2)?,
            base_url: row.get(3)?,
            dialect: Some(row.get(4)?),
            model: row.get(5)?,
        };
        let chat = serde_json::from_str(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?)?;
        let mut facts = RunFacts::new(row.get(1)?, target, chat, row.get(7)?);
        facts.reply = row.get(8)?;
        let json = |column| row.get::<_, Option<String>>(column);
        facts.finish = json(9)?.and_then(|it| serde_json::from_str(&it).ok());
        facts.usage = json(10)?.and_then(|it| serde_json::from_str(&it).ok());
        self.hear(row.get(0)?, &mut facts)?;
        Ok(facts)
    }

    /// Tells `facts` the events of the run; of its frames no more than say when words began.
    fn hear(&self, number: i64, facts: &mut RunFacts) -> Result<(), StoreError> {
        let sql = "SELECT event, raw IS NULL FROM events WHERE run = ? ORDER BY place";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([number])?;
        while let Some(row) = rows.next()? {
            let is_frame = !row.get::<_, bool>(1)?;
            if is_frame && facts.first_word_us.is_some() {
                continue;
            }
            let json = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            facts.hear(&serde_json::from_str::<RunEvent>(json)?);
        }
        Ok(())
    }
}
