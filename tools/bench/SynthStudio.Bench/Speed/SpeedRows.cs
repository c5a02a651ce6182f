using SynthStudio.Synthesis;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Speed;

/// <summary>Made rows without end in sight: chunks that are made when they are read, so that memory measures the method and not the table.</summary>
internal sealed class SpeedRows(int rows, int columns) : IRowSource
{
    private const int ChunkRows = 50_000;

    public long RowCount => rows;

    public IEnumerable<Table> Read(CancellationToken cancellation)
    {
        for (var first = 0; first < rows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return SpeedTable.Make(Math.Min(ChunkRows, rows - first), columns, 1 + first / ChunkRows);
        }
    }
}
