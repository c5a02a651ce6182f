using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Trend;

/// <summary>One table's columns as pair trends look at them.</summary>
internal sealed class PairCuts
{
    /// <param name="table">The table.</param>
    /// <param name="train">The table whose ranges the shared bins have.</param>
    public PairCuts(EncodedTable table, EncodedTable train)
    {
        var count = table.Columns.Count;
        Own = new BinnedColumn[count];
        Shared = new BinnedColumn[count];
        Correlations = new Correlation?[count];
        for (var column = 0; column < count; column++)
        {
            if (table.Columns[column].IsNumeric)
            {
                var values = table.Numbers(column);
                Own[column] = new EqualWidthBins(table.PresentNumbers(column), openEnded: false).Apply(values);
                Shared[column] = new EqualWidthBins(train.PresentNumbers(column), openEnded: true).Apply(values);
                Correlations[column] = new Correlation(values);
            }
            else
            {
                var codes = Array.ConvertAll(table.Codes(column), code => code - EncodedTable.MissingCode);
                Own[column] = Shared[column] = new BinnedColumn(codes, table.Columns[column].Categories.Length + 1);
            }
        }
    }

    /// <summary>Numbers in bins of the table's own range; categories, missing being 0.</summary>
    public BinnedColumn[] Own { get; }

    /// <summary>Numbers in bins of training's range, open to both sides; categories as in <see cref="Own"/>.</summary>
    public BinnedColumn[] Shared { get; }

    /// <summary>The numerical columns ready to be correlated; null for the others.</summary>
    public Correlation?[] Correlations { get; }
}
