using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Operations;

/// <summary>A model that says how likely rows are.</summary>
public interface IRowScorer
{
    /// <summary>
    /// The log-likelihood of each row in nats, averaged over random orders of the columns (Uria et al., arXiv:1310.1757). Numbers have the
    /// density of the cell they lie in, a step of the column's grid (a whole number, a cent, a day) as the unit, so that scores of one
    /// model compare, not those of two. What training did not have counts as half a training row: another category, a missing value where
    /// there was none, another value than that of a constant column, and, spread over as many steps as the column's range has, a number
    /// beyond that range or between single values. The lower, the more of an outlier. Rules of the schema that are built into the form of
    /// the rows are taken as kept. A known cell whose counterpart in such a rule is missing (an end without its start, a part of a
    /// combination) is summed out.
    /// </summary>
    /// <remarks>
    /// The network's alone. In each order the likelihoods of all rows that can be drawn sum to about 1; the mean over orders of their
    /// logarithms is at most the log-likelihood of the mixture of these orders (Jensen). Rows that a refined network draws are of a
    /// distribution near by, whose density cannot be evaluated: values are chosen among a few candidates by unnormalised density ratios,
    /// and columns drawn again from conditionals that were learned each for itself, which in general no joint distribution has
    /// (pseudo-Gibbs sampling: Heckerman et al., Dependency networks, 2000).
    /// </remarks>
    /// <param name="table">Columns as in training, in any order; some may be absent and are summed out.</param>
    /// <param name="orders">Orders to average over, at least 1; more smooth the score.</param>
    /// <param name="seed">Of the orders.</param>
    /// <param name="cancellation">Looked at between columns of a block of rows.</param>
    /// <exception cref="SynthesisException">A column is of another kind than in training, or no column is known.</exception>
    double[] LogLikelihood(Table table, int orders, long seed, CancellationToken cancellation);
}
