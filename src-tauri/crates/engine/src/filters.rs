//! Filters: reading them, and those that the user saved.

use crate::error::EngineError;
use crate::wire::{CommandError, EngineEvent, FilterTerm, SavedFilter};
use crate::{Engine, time};
use countersign_core::filter::Filter;

/// Reads a filter by the user's clock.
pub(crate) fn parse(text: &str) -> Result<Filter, EngineError> {
    Ok(Filter::parse(text, time::now_us(), time::zone_offset_s())?)
}

impl Engine {
    pub(crate) async fn filter_parse(&self, filter: String) -> Result<Vec<FilterTerm>, CommandError> {
        let position = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let terms = parse(&filter)?;
        Ok(terms
            .terms()
            .iter()
            .map(|term| FilterTerm {
                text: term.text.clone(),
                start: position(term.start),
                len: position(term.len),
                key: term.key().map(str::to_owned),
                negated: term.negated,
            })
            .collect())
    }

    pub(crate) async fn saved_filters(&self) -> Result<Vec<SavedFilter>, CommandError> {
        let found = self.0.clone().blocking(|inner| {
            let saved = inner.store.saved_filters()?;
            let counted = saved.into_iter().map(|saved| {
                // A filter that an older version saved and this one cannot read matches nothing.
                let matched = match parse(&saved.filter) {
                    Ok(filter) => u64::try_from(inner.store.count(&filter)?.matched).unwrap_or_default(),
                    Err(_) => 0,
                };
                Ok(SavedFilter { name: saved.name, filter: saved.filter, matched })
            });
            counted.collect::<Result<Vec<_>, EngineError>>()
        });
        Ok(found.await?)
    }

    pub(crate) async fn saved_filter_set(&self, name: String, filter: String) -> Result<(), CommandError> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(EngineError::Input { what: "A filter's name has 1 to 80 characters.".to_owned() }.into());
        }
        parse(&filter)?;
        self.0.store.set_saved_filter(&name, &filter).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::SavedFiltersChanged);
        Ok(())
    }

    pub(crate) async fn saved_filter_remove(&self, name: String) -> Result<(), CommandError> {
        self.0.store.remove_saved_filter(&name).await.map_err(EngineError::from)?;
        self.0.bus.publish(EngineEvent::SavedFiltersChanged);
        Ok(())
    }
}
