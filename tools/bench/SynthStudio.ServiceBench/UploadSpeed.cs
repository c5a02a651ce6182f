using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;

namespace SynthStudio.ServiceBench;

/// <summary>A file of 1 GB over loopback in one client stream, with a checksum for every chunk and for the whole.</summary>
internal static class UploadSpeed
{
    private const int ChunkBytes = 1 << 20;
    private const int Chunks = 1000;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var chunk = Line(ChunkBytes);
        var crc = Crc32C(chunk);
        var sha = Sha256(chunk);
        var project = await client.CreateProjectAsync();
        var upload = await client.Uploads.CreateUploadAsync(new CreateUploadRequest { Parent = project, Upload = new Upload { FileName = "large.csv" } });
        var data = UnsafeByteOperations.UnsafeWrap(chunk);

        var clock = Stopwatch.StartNew();
        using var call = client.Uploads.WriteUpload();
        for (var i = 0; i < Chunks; i++)
        {
            await call.RequestStream.WriteAsync(new WriteUploadRequest
            {
                Name = upload.Name,
                Offset = (long)i * ChunkBytes,
                Data = data,
                Crc32C = crc,
                Finish = i == Chunks - 1,
                Sha256 = i == Chunks - 1 ? sha : "",
            });
        }

        await call.RequestStream.CompleteAsync();
        await call;
        var rate = (double)Chunks * ChunkBytes / 1e6 / clock.Elapsed.TotalSeconds;
        return new Measured("upload, 1 GB over loopback", $"{rate:N0} MB/s", "150 MB/s", "400 MB/s");
    }

    private static byte[] Line(int bytes)
    {
        var line = "1,2,3,4,5,6,7\n"u8;
        var chunk = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            chunk[i] = line[i % line.Length];
        }

        return chunk;
    }

    private static string Sha256(byte[] chunk)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < Chunks; i++)
        {
            hash.AppendData(chunk);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>CRC-32C (Castagnoli) of some bytes, as the upload protocol asks for.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
