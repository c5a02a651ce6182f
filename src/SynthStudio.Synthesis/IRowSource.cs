using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>All rows of a table that is too large to be held in memory; see <see cref="FitRequest.AllRows"/>.</summary>
public interface IRowSource
{
    /// <summary>How many there are.</summary>
    long RowCount { get; }

    /// <summary>The rows, one table after the other, each with the columns of the sample that goes with them.</summary>
    IEnumerable<Table> Read(CancellationToken cancellation);
}
