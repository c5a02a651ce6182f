using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Operations;

/// <summary>A model that gives the distribution of a column.</summary>
public interface IPredictor
{
    /// <summary>The distribution of a column in each row, given the observed cells of the row's other columns. Rows are predicted as they are taken.</summary>
    /// <param name="table">Columns as in training, in any order; some may be absent and are summed out. The predicted one is not looked at.</param>
    /// <param name="column">The column to predict: a category, number, date or time.</param>
    /// <remarks>
    /// The upper of two columns is predicted from the lower, which the table must have; rows in which it is missing get no mean and no
    /// quantiles. Sums and parts of points are refused. A known cell whose
    /// counterpart in a built-in rule is missing is summed out, except for the other parts of a predicted column's combination.
    /// A refined network (autoregressive) gives the probabilities of a column that is drawn again by the trees it is drawn from, in rows of which all is known
    /// that these look at; else by the network, of which any columns may be unknown.
    /// </remarks>
    /// <param name="quantiles">Levels of the quantiles of numbers, 0 to 1.</param>
    /// <param name="cancellation">Looked at between blocks of rows.</param>
    /// <exception cref="SynthesisException">
    /// At the latest when the first row is taken: the column is unknown, or a column is of another kind than in training.
    /// </exception>
    IEnumerable<Prediction> Predict(Table table, string column, IReadOnlyList<double> quantiles, CancellationToken cancellation);
}
