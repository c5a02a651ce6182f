namespace SynthStudio.Api.Transfers;

/// <summary>How far a transfer came; written by who moves rows, read by who tells of it.</summary>
internal sealed class TransferProgress
{
    private long _rows, _bytes;

    public long Rows => Interlocked.Read(ref _rows);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
