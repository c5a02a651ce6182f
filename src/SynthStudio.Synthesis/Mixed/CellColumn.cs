using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>A column that is not a number: its symbols are the cells of its codec.</summary>
internal sealed class CellColumn(ColumnCodec codec) : MixedColumn
{
    public override long[] Counts => codec.Layout.Counts;

    public override bool[] Drawable => codec.Layout.Drawable;

    public override bool[] DrawablePresent =>
        [.. ((codec as CategoryCodec)?.WithoutInvented ?? codec).Admit(Condition.NotMissing()).Shares.Select(share => share > 0)];

    public override MixedColumn WithoutInvented =>
        codec is CategoryCodec { Rare: not null } categories ? new CellColumn(categories.WithoutInvented) : this;

    public override bool[] WithScalar { get; } = new bool[codec.Layout.Cells];

    public override bool IsCategory => true;

    public override (ushort[] Symbols, float[]? Scalars) Encode(Column column, SeededStream random) => (codec.Encode(column), null);

    public override Column Decode(ushort[] symbols, float[]? scalars, SeededStream random, long firstRow, long seed) =>
        codec.Decode(symbols, random, firstRow, seed);
}
