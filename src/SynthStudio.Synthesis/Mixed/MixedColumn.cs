using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// A column as networks with mixed outputs see it: a symbol in every row and, under some symbols, a scalar. A category is a symbol; a
/// number is a symbol (a frequent value, a mode of the distribution, missing) and where it lies in that mode.
/// </summary>
internal abstract class MixedColumn
{
    /// <summary>Training rows by symbol.</summary>
    public abstract long[] Counts { get; }

    /// <summary>Whether sampling may produce the symbol; rare values may not.</summary>
    public abstract bool[] Drawable { get; }

    /// <summary>
    /// The drawable symbols that stand for a value which is not invented; none when the column was missing in every training row.
    /// </summary>
    public abstract bool[] DrawablePresent { get; }

    /// <summary>The same symbols for real rows, in which an invented value has no place.</summary>
    public virtual MixedColumn WithoutInvented => this;

    /// <summary>Whether a symbol comes with a scalar; all false in columns that are not numbers.</summary>
    public abstract bool[] WithScalar { get; }

    public int Symbols => Counts.Length;

    public bool HasScalar => Array.Exists(WithScalar, with => with);

    /// <summary>Whether the column is a category: what conditional vectors can hold.</summary>
    public abstract bool IsCategory { get; }

    /// <summary>Symbols and scalars of a column, one a row; 0 where a symbol has no scalar.</summary>
    /// <param name="column">The column.</param>
    /// <param name="random">For what is assigned by chance, as one of several overlapping modes.</param>
    public abstract (ushort[] Symbols, float[]? Scalars) Encode(Column column, SeededStream random);

    /// <summary>One value a row.</summary>
    /// <param name="symbols">Drawable ones.</param>
    /// <param name="scalars">One a row; null when the column has none.</param>
    /// <param name="random">Where inside the resolution of the encoding the value lies.</param>
    /// <param name="firstRow">Number of the first row within the sample.</param>
    /// <param name="seed">Seed of the sample.</param>
    public abstract Column Decode(ushort[] symbols, float[]? scalars, SeededStream random, long firstRow, long seed);
}
