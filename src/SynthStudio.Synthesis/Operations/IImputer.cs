using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Operations;

/// <summary>A model that fills the missing cells of a table.</summary>
public interface IImputer
{
    /// <summary>
    /// The same rows with a value in every missing cell that the model can draw one for, given the observed cells of its row. Observed cells
    /// stay as they are. Identifiers, free text and columns that the model does not know are left alone. Several seeds give several
    /// imputations, whose spread shows how uncertain the filled cells are (Rubin, Multiple imputation, 1987).
    /// Filled rows keep the rules of the model's schema, unless their observed cells break them; cells stay missing where 64 draws do not. What a
    /// rule's observed cells say of its missing ones is met (an only missing part of a sum, a city of the known country), but for the start of a
    /// known end, and for several parts of a known sum, the draw is approximate: the closest of 64.
    /// </summary>
    /// <param name="table">Columns as in training, in any order; some may be absent.</param>
    /// <param name="seed">Equal seeds fill equal values.</param>
    /// <param name="cancellation">Looked at between blocks of rows.</param>
    /// <exception cref="SynthesisException">A column is of another kind than in training.</exception>
    Table Impute(Table table, long seed, CancellationToken cancellation);
}
