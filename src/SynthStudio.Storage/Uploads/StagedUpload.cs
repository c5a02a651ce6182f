using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Storage;

/// <summary>One upload's file and the hash of what it holds. Used by one call at a time: whoever holds <see cref="Gate"/>.</summary>
internal sealed class StagedUpload(string path, long? declaredSize, TimeProvider clock)
{
    private const int BufferSize = 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private SafeFileHandle? _file;

    public SemaphoreSlim Gate { get; } = new(1);

    public long? DeclaredSize { get; } = declaredSize;

    public long Length { get; private set; }

    /// <summary>How much of it other processes can find.</summary>
    public long SharedLength { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Timestamp of the last call's end.</summary>
    public long LastUse { get; private set; } = clock.GetTimestamp();

    /// <summary>A new, empty upload; the declared size is reserved, so that a full disk shows at once.</summary>
    public static StagedUpload Create(string path, long? declaredSize, TimeProvider clock) =>
        new(path, declaredSize, clock) { _file = DurableFiles.Open(path, FileMode.CreateNew, declaredSize ?? 0) };

    /// <summary>Opens the file if it is not open: after a restart, or when the upload was idle. Reads it once, to hash it.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (_file is not null) return;
        _file = DurableFiles.Open(path, FileMode.Open);
        var buffer = new byte[BufferSize];
        while (await RandomAccess.ReadAsync(_file, buffer, Length, cancellation) is > 0 and var read)
        {
            _hash.AppendData(buffer, 0, read);
            Length += read;
        }
    }

    /// <summary>Writes the chunk to the page cache, which outlives the process, and hashes it. Leaves the file as it was when it fails.</summary>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        try
        {
            RandomAccess.Write(_file!, chunk, Length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file!, Length);
            throw;
        }

        _hash.AppendData(chunk);
        Length += chunk.Length;
    }

    /// <summary>The bytes from one position to another.</summary>
    public async Task<byte[]> ReadAsync(long from, long to, CancellationToken cancellation)
    {
        var bytes = new byte[to - from];
        for (var read = 0; read < bytes.Length;)
        {
            var more = await RandomAccess.ReadAsync(_file!, bytes.AsMemory(read), from + read, cancellation);
            read += more > 0 ? more : throw new EndOfStreamException("The upload's file became shorter.");
        }

        return bytes;
    }

    public string CurrentSha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Touch() => LastUse = clock.GetTimestamp();

    public void Close()
    {
        IsClosed = true;
        _file?.Dispose();
        _file = null;
        _hash.Dispose();
    }
}
