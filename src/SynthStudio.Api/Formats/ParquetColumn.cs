using System.Text;
using Parquet;
using Parquet.Schema;

namespace SynthStudio.Api.Formats;

/// <summary>The cells of a column of a row group, on their way into a Parquet file.</summary>
internal abstract class ParquetColumn(DataField field)
{
    public DataField Field { get; } = field;

    /// <summary>A column of its Parquet type: decimals as doubles; times and durations as texts.</summary>
    public static ParquetColumn Of(TypedColumn column) => column.Type switch
    {
        ColumnType.Integer => new Values<long>(column, new DataField(column.Name, typeof(long), isNullable: true), CellValues.TryInteger),
        ColumnType.Decimal or ColumnType.Double =>
            new Values<double>(column, new DataField(column.Name, typeof(double), isNullable: true), CellValues.TryNumber),
        ColumnType.Boolean => new Values<bool>(column, new DataField(column.Name, typeof(bool), isNullable: true), CellValues.TryBoolean),
        ColumnType.Date => new Values<DateTime>(column, new DateTimeDataField(column.Name, DateTimeFormat.Date, isNullable: true), CellValues.TryMoment),
        ColumnType.Timestamp => new Values<DateTime>(column, Moments(column, isUtc: false), CellValues.TryMoment),
        ColumnType.TimestampUtc => new Values<DateTime>(column, Moments(column, isUtc: true), CellValues.TryUtc),
        _ => new Texts(new DataField(column.Name, typeof(string), isNullable: true)),
    };

    /// <exception cref="ValueNotOfTypeException">The cell is none of the type.</exception>
    public abstract void Add(ReadOnlySpan<byte> cell);

    public abstract void AddMissing();

    /// <summary>Writes the cells and forgets them.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);

    private static DateTimeDataField Moments(TypedColumn column, bool isUtc) =>
        new(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: isUtc, unit: DateTimeTimeUnit.Micros, isNullable: true);

    private delegate bool Parse<T>(ReadOnlySpan<byte> cell, out T value);

    private sealed class Values<T>(TypedColumn column, DataField field, Parse<T> parse) : ParquetColumn(field) where T : struct
    {
        private T?[] _cells = new T?[1024];
        private int _count;

        public override void Add(ReadOnlySpan<byte> cell) =>
            Add(parse(cell, out var value) ? value : throw new ValueNotOfTypeException(column.Name, column.Type));

        public override void AddMissing() => Add((T?)null);

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync<T>(Field, _cells.AsMemory(0, _count), cancellationToken: cancellation);
            _count = 0;
        }

        private void Add(T? value)
        {
            if (_count == _cells.Length) Array.Resize(ref _cells, _count * 2);
            _cells[_count++] = value;
        }
    }

    private sealed class Texts(DataField field) : ParquetColumn(field)
    {
        private readonly List<string?> _cells = [];

        /// <summary>Categories repeat: of a text that was seen lately there is one.</summary>
        private readonly string?[] _seen = new string?[256];

        public override void Add(ReadOnlySpan<byte> cell) => _cells.Add(cell.Length > 64 ? Encoding.UTF8.GetString(cell) : Repeated(cell));

        public override void AddMissing() => _cells.Add(null);

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync(Field, _cells!);
            _cells.Clear();
        }

        private string Repeated(ReadOnlySpan<byte> cell)
        {
            Span<char> text = stackalloc char[64];
            text = text[..Encoding.UTF8.GetChars(cell, text)];
            ref var seen = ref _seen[(byte)string.GetHashCode(text)];
            return seen is not null && text.SequenceEqual(seen) ? seen : seen = text.ToString();
        }
    }
}
