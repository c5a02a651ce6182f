using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Tabular;

/// <summary>Blocks that do not fit into memory, in one temporary file that is made when the first is written. Safe for several threads.</summary>
internal sealed class SpillFile(string path) : IDisposable
{
    private readonly Lazy<SafeFileHandle> file = new(() => File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));

    private long length;

    /// <summary>Writes a block and says where it lies.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public SpilledBlock Write(ReadOnlySpan<byte> block)
    {
        var offset = Interlocked.Add(ref length, block.Length) - block.Length;
        RandomAccess.Write(file.Value, block, offset);
        return new SpilledBlock(offset, block.Length);
    }

    /// <summary>Reads a whole block to the beginning of <paramref name="target"/>.</summary>
    public void Read(SpilledBlock block, Span<byte> target)
    {
        for (var at = 0; at < block.Length;)
        {
            var read = RandomAccess.Read(file.Value, target[at..block.Length], block.Offset + at);
            at += read > 0 ? read : throw new EndOfStreamException();
        }
    }

    public void Dispose()
    {
        if (file.IsValueCreated)
        {
            file.Value.Dispose();
        }
    }
}

/// <summary>Where a block lies in a <see cref="SpillFile"/>, in bytes.</summary>
internal readonly record struct SpilledBlock(long Offset, int Length);
