//! The settings of what models cost, and how much of it a user may cause.

use spending::PriceTable;

use super::model::SpendingSettings;
use super::parse::Reader;
use super::registry;

const PRICES: &str = "MODEL_PRICES";
const CAP: &str = "BUDGET_USD_PER_DAY";
const MICROS: f64 = 1_000_000.0;
const MOST_DOLLARS: f64 = 1_000_000.0;

impl Reader<'_> {
    pub(super) fn spending(&mut self) -> SpendingSettings {
        SpendingSettings {
            prices: self.prices(),
            daily_cap_micros: self.daily_cap(),
        }
    }

    /// Those of the registry; a file sets some of them anew.
    fn prices(&mut self) -> PriceTable {
        let mut prices = registry::prices().unwrap_or_default();
        let Some(path) = self.raw.get(PRICES) else {
            return prices;
        };
        let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
        let set = read.and_then(|text| registry::add_prices(&mut prices, &text));
        if let Err(fault) = set {
            let fix = format!("{path} is no table of prices: {fault}");
            self.faults.add(PRICES, fix);
        }
        prices
    }

    /// In millionths of a US dollar; `None` is no limit.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be small and not negative"
    )]
    fn daily_cap(&mut self) -> Option<u64> {
        let text = self.raw.get(CAP)?;
        let dollars = text.parse::<f64>().ok();
        let Some(dollars) = dollars.filter(|dollars| (0.0..=MOST_DOLLARS).contains(dollars)) else {
            let fix = "must be an amount of US dollars, such as 0.50; 0 is no limit";
            self.faults.add(CAP, fix);
            return None;
        };
        let micros = (dollars * MICROS).round() as u64;
        (micros > 0).then_some(micros)
    }
}
