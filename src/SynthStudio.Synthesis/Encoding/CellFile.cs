using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Encoded rows in a temporary file, row after row, two bytes a cell. A row is read with one system call of about a microsecond, which is little
/// beside what a network does with it; unlike pages of a mapped file, nothing of it counts as memory of this process.
/// </summary>
internal sealed class CellFile : IEncodedRows
{
    private readonly SafeFileHandle file;
    private readonly byte[] digest;
    private readonly int rowBytes;

    private CellFile(SafeFileHandle file, byte[] digest, int rowBytes, int count) =>
        (this.file, this.digest, this.rowBytes, Count) = (file, digest, rowBytes, count);

    public int Count { get; }

    /// <summary>Encodes tables one after the other.</summary>
    /// <param name="codec">Learned from a sample of the rows.</param>
    /// <param name="tables">Only one is held at a time.</param>
    /// <param name="unknown">Stands for values that the sample did not show and that have no cell.</param>
    /// <param name="folder">Where the file goes; it is gone when this is disposed of, or the process ends.</param>
    /// <param name="written">Told the rows so far.</param>
    /// <exception cref="SynthesisException">There are more rows than can be numbered.</exception>
    public static CellFile Write(TableCodec codec, IEnumerable<Table> tables, ushort unknown, string folder, Action<long> written)
    {
        Directory.CreateDirectory(folder);
        var rowBytes = sizeof(ushort) * codec.Modelled.Count;
        var file = File.OpenHandle(
            Path.Combine(folder, $"rows-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long rows = 0;
            foreach (var table in tables)
            {
                var bytes = MemoryMarshal.AsBytes(RowByRow(codec.EncodeKnown(table, unknown), table.RowCount).AsSpan());
                hash.AppendData(bytes);
                RandomAccess.Write(file, bytes, rows * rowBytes);
                rows += table.RowCount;
                if (rows > Array.MaxLength)
                    throw new SynthesisException(SynthesisError.Unsupported, $"The table has more than {Array.MaxLength} rows. Train on fewer.");
                written(rows);
            }

            return new CellFile(file, hash.GetHashAndReset(), rowBytes, (int)rows);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Read(int row, Span<ushort> cells)
    {
        if (RandomAccess.Read(file, MemoryMarshal.AsBytes(cells), (long)row * rowBytes) != rowBytes)
            throw new IOException("The temporary file of encoded rows has become shorter.");
    }

    public void AppendTo(IncrementalHash hash) => hash.AppendData(digest);

    public void Dispose() => file.Dispose();

    private static ushort[] RowByRow(ushort[][] columns, int rows)
    {
        var cells = new ushort[columns.Length * rows];
        for (var c = 0; c < columns.Length; c++)
            for (var row = 0; row < rows; row++)
                cells[row * columns.Length + c] = columns[c][row];

        return cells;
    }
}
