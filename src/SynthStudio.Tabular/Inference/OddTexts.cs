namespace SynthStudio.Tabular;

/// <summary>The texts of a column that are none of the amounts, or of the durations, that its other texts are: free, tbd, n/a?.</summary>
internal sealed class OddTexts
{
    /// <summary>More distinct ones than this are no slips; a column of plain texts is not looked at any longer then.</summary>
    private const int Most = 200;

    private int distinct;

    /// <summary>Rows that hold one of them.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether there are none.</summary>
    public bool None => distinct == 0;

    /// <summary>Whether there are so few distinct ones that they may be slips; true where there are none.</summary>
    public bool AreFew => distinct <= Most;

    /// <summary>Counts a text in that occurs in <paramref name="rows"/> rows, and comes only once.</summary>
    public void Add(long rows)
    {
        distinct++;
        Rows += rows;
    }
}
