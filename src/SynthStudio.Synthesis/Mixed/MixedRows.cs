namespace SynthStudio.Synthesis.Mixed;

/// <summary>Encoded rows, column by column.</summary>
/// <param name="Symbols">[column][row].</param>
/// <param name="Scalars">[column][row]; null for columns without scalars.</param>
internal sealed record MixedRows(ushort[][] Symbols, float[]?[] Scalars)
{
    public int Count => Symbols[0].Length;
}
