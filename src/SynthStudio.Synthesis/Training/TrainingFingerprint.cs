using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Synthesis.Training;

/// <summary>Identifies a training: a checkpoint may continue only the one it came from.</summary>
internal static class TrainingFingerprint
{
    /// <summary>What is as it is by default is left out: an option that a newer version knows does not make another training of one that it resumes.</summary>
    private static readonly JsonSerializerOptions Chosen = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>A part of the fingerprint that newer versions may have more members of.</summary>
    public static byte[] Part<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Chosen);

    /// <summary>SHA-256 over the codec, the encoded rows and whatever else decides the result.</summary>
    /// <param name="codec">What encodes the rows.</param>
    /// <param name="columns">The rows, column by column.</param>
    /// <param name="choices">Method, sizes, options and seed.</param>
    /// <param name="scalars">Numbers that the cells of some columns come with, column by column.</param>
    public static string Of<T>(IEnumerable<byte[]> codec, IEnumerable<ushort[]> columns, T choices, IEnumerable<float[]>? scalars = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in codec) hash.AppendData(part);
        foreach (var column in columns) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(column.AsSpan()));
        foreach (var column in scalars ?? []) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(column.AsSpan()));
        hash.AppendData(Part(choices));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
