using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Operations;

/// <summary>A model that fills the missing cells of a table.</summary>
public interface IImputer
{
    /// <summary>
    /// The same rows with a value in every missing cell that the model can draw one for, given the observed cells of its row. Observed
    /// cells stay as they are. Identifiers, free text and columns that the model does not know are left alone. Several seeds give several
    /// imputations, whose spread shows how uncertain the filled cells are (Rubin, Multiple imputation, 1987). Several missing cells of a
    /// row are drawn jointly. The network (autoregressive) draws them from its rows that have the observed cells and values in all missing
    /// ones: as if rows that miss these cells were, given what is observed of them, like rows that miss none of them (complete-case
    /// restriction: Little, Pattern-mixture models for multivariate incomplete data, 1993). So a cell that has no value for a reason is
    /// filled as well, and the rest of its row to fit. Filled rows keep the rules of the model's schema, unique keys included, unless their
    /// observed cells break them; cells stay missing where 64 draws do not. What a rule's observed cells say of its missing ones is met (an
    /// only missing part of a sum, a city of the known country), but for the start of a known end, and for several parts of a known sum,
    /// the draw is approximate: the closest of 64.
    /// </summary>
    /// <param name="table">Columns as in training, in any order; some may be absent.</param>
    /// <param name="seed">Equal seeds fill equal values.</param>
    /// <param name="cancellation">Looked at between columns of a block of rows, or its steps.</param>
    /// <exception cref="SynthesisException">A column is of another kind than in training.</exception>
    Table Impute(Table table, long seed, CancellationToken cancellation);
}
