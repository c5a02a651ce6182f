namespace SynthStudio.Tabular;

/// <summary>How to look for sets of columns that tell rows apart.</summary>
public sealed record AnonymityOptions
{
    /// <summary>How to read the file.</summary>
    public ReadOptions Reading { get; init; } = new();

    /// <summary>The columns that strangers may know; empty takes all but keys and free text.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns in a set, 1 to 4.</summary>
    public int MostColumns { get; init; } = 3;

    /// <summary>Sets shown of each size.</summary>
    public int Shown { get; init; } = 10;

    /// <summary>Cells that are counted at most, a cell for each row and set: what bounds the time. Two thousand million take about half a minute.</summary>
    public long Work { get; init; } = 2_000_000_000;

    /// <summary>Cells that are held in memory at most, four bytes each.</summary>
    public long MostCells { get; init; } = 100_000_000;
}
