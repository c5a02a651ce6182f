using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Points;

/// <summary>Whether two columns are points in all rows of a table that is read chunk by chunk.</summary>
/// <param name="points">The two, as found in some of the rows.</param>
internal sealed class PointEvidence(PointColumn points)
{
    private long rows, halves;
    private bool isBeyond;

    public PointColumn Points => points;

    /// <summary>Whether they are in the rows so far.</summary>
    public bool Holds => !isBeyond && PointColumn.MayLack(halves, rows);

    /// <summary>Looks at further rows.</summary>
    public void Add(Table table)
    {
        double[] y = ((NumericColumn)table[points.Latitude.Name]).Values, x = ((NumericColumn)table[points.Longitude.Name]).Values;
        rows += x.Length;
        for (var row = 0; row < x.Length; row++)
        {
            if (double.IsNaN(x[row]) != double.IsNaN(y[row])) halves++;
            else isBeyond |= PointColumn.IsBeyond(x[row], y[row]);
        }
    }
}
