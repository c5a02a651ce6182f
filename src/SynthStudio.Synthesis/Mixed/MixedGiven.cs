namespace SynthStudio.Synthesis.Mixed;

/// <summary>What is known of rows before they are drawn, cell by cell.</summary>
/// <param name="Symbols">[column][row]; <see cref="Drawn"/> where the cell is to be drawn.</param>
/// <param name="Scalars">[column][row], of known symbols; null in columns without.</param>
/// <param name="Drawable">By column: symbols that may be drawn.</param>
internal sealed record MixedGiven(ushort[][] Symbols, float[]?[] Scalars, bool[][] Drawable)
{
    /// <summary>Stands for no symbol.</summary>
    public const ushort Drawn = ushort.MaxValue;

    /// <summary>Rows of which the same is known.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="given">By column: its symbol and scalar in every row; null where it is to be drawn.</param>
    /// <param name="rows">How many.</param>
    public static MixedGiven Same(IReadOnlyList<MixedColumn> columns, IList<MixedSymbol?> given, int rows) => new(
        [.. given.Select(value => Repeat(value?.Symbol ?? Drawn, rows))],
        [.. columns.Select((column, c) => column.HasScalar ? Repeat(given[c]?.Scalar ?? 0, rows) : null)],
        [.. columns.Select(column => column.Drawable)]);

    /// <summary>Some of the rows, one after the other.</summary>
    public MixedGiven Part(int first, int rows) => this with
    {
        Symbols = Array.ConvertAll(Symbols, column => column[first..(first + rows)]),
        Scalars = Array.ConvertAll(Scalars, column => column?[first..(first + rows)]),
    };

    private static T[] Repeat<T>(T value, int rows)
    {
        var values = new T[rows];
        Array.Fill(values, value);
        return values;
    }
}
