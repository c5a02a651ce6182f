using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace SynthStudio.Synthesis.Packages;

/// <summary>
/// Named vectors of 32-bit floats with a few facts, as bytes: magic, length of the header, header (JSON), values (little-endian), SHA-256 of
/// all before. Holds data only, nothing executable.
/// </summary>
internal sealed class TensorFile
{
    private static readonly byte[] Magic = "SYNTENS1"u8.ToArray();

    /// <summary>Facts beside the tensors.</summary>
    public Dictionary<string, string> Facts { get; init; } = [];

    public Dictionary<string, float[]> Tensors { get; init; } = [];

    public byte[] ToBytes()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(Facts, [.. Tensors.Select(t => new Entry(t.Key, t.Value.LongLength))]));
        using var bytes = new MemoryStream();
        bytes.Write(Magic);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        bytes.Write(length);
        bytes.Write(header);
        foreach (var values in Tensors.Values) bytes.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        bytes.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no such file, or were changed.</exception>
    public static TensorFile FromBytes(ReadOnlySpan<byte> bytes)
    {
        var fixedPart = Magic.Length + 8;
        if (bytes.Length < fixedPart + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic)) throw new InvalidDataException("Not a tensor file.");
        var content = bytes[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes[content.Length..])) throw new InvalidDataException("The checksum does not match.");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes[Magic.Length..]);
        if (headerLength < 0 || headerLength > content.Length - fixedPart) throw new InvalidDataException("The header is damaged.");
        Header header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(content.Slice(fixedPart, (int)headerLength)) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("The header is damaged.", error);
        }

        var tensors = new Dictionary<string, float[]>();
        var rest = content[(fixedPart + (int)headerLength)..];
        foreach (var (name, count) in header.Tensors)
        {
            if (count < 0 || count > rest.Length / sizeof(float)) throw new InvalidDataException("Values are missing.");
            tensors.Add(name, MemoryMarshal.Cast<byte, float>(rest[..((int)count * sizeof(float))]).ToArray());
            rest = rest[((int)count * sizeof(float))..];
        }

        return new TensorFile { Facts = header.Facts, Tensors = tensors };
    }

    private sealed record Header(Dictionary<string, string> Facts, Entry[] Tensors);

    private sealed record Entry(string Name, long Count);
}
