using System.Security.Cryptography;
using System.Text.Json;

namespace SynthStudio.Synthesis.Training;

/// <summary>Identifies a training: a checkpoint may continue only the one it came from.</summary>
internal static class TrainingFingerprint
{
    /// <summary>SHA-256 over the codec, the encoded rows and whatever else decides the result.</summary>
    /// <param name="codec">What encodes the rows.</param>
    /// <param name="columns">The rows, column by column.</param>
    /// <param name="choices">Method, sizes, options and seed.</param>
    public static string Of<T>(IEnumerable<byte[]> codec, IEnumerable<ushort[]> columns, T choices)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in codec) hash.AppendData(part);
        foreach (var column in columns) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(column.AsSpan()));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(choices));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
