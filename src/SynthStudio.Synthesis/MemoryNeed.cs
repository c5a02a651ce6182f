namespace SynthStudio.Synthesis;

/// <summary>
/// The most host memory that a training takes, the process and its libraries included, as far as rows and columns tell: so much, more by column, and
/// <see cref="BytesPerCell"/> while the table is read. Measured by <c>tools/bench</c> and rounded up; options that make a network larger are not in it.
/// </summary>
/// <param name="Bytes">Of a table of no size.</param>
/// <param name="BytesPerColumn">More for every column.</param>
public readonly record struct MemoryNeed(long Bytes, long BytesPerColumn)
{
    /// <summary>
    /// A cell as text, as a code or a number, and as tokens: 1,557 MB less 684 MB of a table that was not read from a
    /// file, at 20,000,000 cells.
    /// </summary>
    public const long BytesPerCell = 64;

    /// <summary>In units of a megabyte.</summary>
    public static MemoryNeed Megabytes(int bytes, int perColumn) => new((long)bytes << 20, (long)perColumn << 20);

    /// <summary>Of a table that is held in memory.</summary>
    public long Of(double rows, double columns) => Bytes + (long)(BytesPerColumn * columns + BytesPerCell * rows * columns);
}
