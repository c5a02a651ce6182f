namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Numbers that stand for no cell of a column.</summary>
internal static class Cell
{
    /// <summary>Not known yet: to be drawn.</summary>
    public const ushort Unset = ushort.MaxValue;

    /// <summary>The cells of a column of which nothing is known.</summary>
    public static ushort[] AllUnset(int rows)
    {
        var cells = new ushort[rows];
        Array.Fill(cells, Unset);
        return cells;
    }

    /// <summary>Rows of which nothing is known, [column][row].</summary>
    public static ushort[][] AllUnset(int columns, int rows) => [.. Enumerable.Range(0, columns).Select(_ => AllUnset(rows))];
}
