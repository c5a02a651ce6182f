using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Writes the cells of one column.</summary>
internal abstract class CellWriter(byte[] missing)
{
    protected byte[] MissingCell { get; } = missing;

    public static CellWriter For(ColumnSchema column, byte delimiter, byte[] missing) => column.Kind switch
    {
        ColumnKind.Integer or ColumnKind.Decimal when !Spellings.Has(column) => new NumberCellWriter(new NumberWriter(column), missing),
        _ when column.IsNumeric => new SpelledCellWriter(Spellings.Of(column), delimiter, missing),
        _ => new TextCellWriter(delimiter, missing),
    };

    /// <summary>The cells of <paramref name="column"/> come next.</summary>
    public abstract void Begin(Column column);

    /// <summary>The most bytes that the cell in <paramref name="row"/> may take.</summary>
    public abstract int MostBytes(int row);

    /// <summary>Writes a cell, returns its bytes.</summary>
    public abstract int Write(Span<byte> target, int row);

    protected int WriteMissing(Span<byte> target)
    {
        MissingCell.CopyTo(target);
        return MissingCell.Length;
    }

    private sealed class NumberCellWriter(NumberWriter writer, byte[] missing) : CellWriter(missing)
    {
        private double[] values = [];

        public override void Begin(Column column) => values = ((NumericColumn)column).Values;

        public override int MostBytes(int row) => NumberWriter.MostBytes;

        public override int Write(Span<byte> target, int row) =>
            double.IsNaN(values[row]) ? WriteMissing(target) : writer.Write(target, values[row]);
    }

    private sealed class SpelledCellWriter(ISpelling spelling, byte delimiter, byte[] missing) : CellWriter(missing)
    {
        private readonly MomentFormat? zoned = spelling is MomentFormat { HasOffset: true } moments ? moments : null;
        private double[] values = [];
        private short[]? offsets;

        public override void Begin(Column column) => (values, offsets) = (((NumericColumn)column).Values, ((NumericColumn)column).Offsets);

        public override int MostBytes(int row) => (2 * spelling.MostBytes) + 2 + MissingCell.Length; // every byte a quote

        public override int Write(Span<byte> target, int row)
        {
            if (double.IsNaN(values[row]))
            {
                return WriteMissing(target);
            }

            var written = zoned is not null && offsets is not null ? zoned.Write(target, values[row], offsets[row]) : spelling.Write(target, values[row]);
            if (target[..written].IndexOfAny(delimiter, (byte)'"') < 0)
            {
                return written;
            }

            var cell = CsvText.Quote(target[..written].ToArray(), delimiter);
            cell.CopyTo(target);
            return cell.Length;
        }
    }

    /// <summary>Encodes every distinct text once, when it is first needed.</summary>
    private sealed class TextCellWriter(byte delimiter, byte[] missing) : CellWriter(missing)
    {
        private string[] values = [];
        private byte[]?[] encoded = [];
        private int[] codes = [];

        public override void Begin(Column column)
        {
            var coded = (CodedColumn)column;
            codes = coded.Codes;
            if (!ReferenceEquals(values, coded.Values))
            {
                values = coded.Values;
                encoded = new byte[]?[values.Length];
            }
        }

        public override int MostBytes(int row) => Cell(row).Length;

        public override int Write(Span<byte> target, int row)
        {
            var cell = Cell(row);
            cell.CopyTo(target);
            return cell.Length;
        }

        private byte[] Cell(int row)
        {
            var code = codes[row];
            return code < 0 ? MissingCell : encoded[code] ??= CsvText.Quote(Encoding.UTF8.GetBytes(values[code]), delimiter);
        }
    }
}
