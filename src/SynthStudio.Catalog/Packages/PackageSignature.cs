using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Catalog.Packages;

/// <summary>
/// A signature as it stands in a package: the comment at the end of the zip file (its format's specification, APPNOTE 4.3.16), which every
/// reader skips. What is signed is the file as it was without the comment, to the byte.
/// </summary>
/// <param name="KeyId">The key that signed.</param>
/// <param name="Claims">What is signed, as the signer wrote it.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record PackageSignature(string KeyId, byte[] Claims, byte[] Signature)
{
    /// <summary>The form that this version writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    private const string Prefix = "SynthStudio signature ";
    private const int LongestComment = ushort.MaxValue;

    /// <summary>Bytes of the record at the end of a zip file, of which the last two are the length of the comment that follows.</summary>
    private const int EndRecordBytes = 22;

    private const int LengthBytes = 2;

    private static readonly byte[] EndRecord = "PK\u0005\u0006"u8.ToArray();

    /// <summary>Signs a package.</summary>
    /// <returns>What takes the place of the last two bytes of the file.</returns>
    public static byte[] Make(PackageSeal seal, PackageClaims claims)
    {
        var said = claims.ToBytes();
        var comment = Encoding.ASCII.GetBytes(Prefix + new JsonObject
        {
            ["format"] = CurrentFormat, ["key"] = seal.KeyId, ["claims"] = Convert.ToBase64String(said), ["signature"] = Convert.ToBase64String(seal.Sign(said)),
        }.ToJsonString());
        var tail = new byte[LengthBytes + comment.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(tail, checked((ushort)comment.Length));
        comment.CopyTo(tail, LengthBytes);
        return tail;
    }

    /// <summary>Finds the end of a zip file and the signature in it.</summary>
    /// <param name="file">The file, which can seek.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Bytes of the file without the signature, and the signature; null for none.</returns>
    /// <exception cref="PackageException">It is no zip file, or its signature cannot be read.</exception>
    internal static async Task<(long Size, PackageSignature? Signature)> FindAsync(Stream file, CancellationToken cancellation)
    {
        var tail = new byte[Math.Min(file.Length, EndRecordBytes + LongestComment)];
        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail, cancellation);
        for (var at = tail.Length - EndRecordBytes; at >= 0; at--)
        {
            if (!tail.AsSpan(at).StartsWith(EndRecord)) continue;
            // The last such mark is the one by which readers go; were there another in the comment, they would read another file than was signed.
            var comment = tail.AsSpan(at + EndRecordBytes);
            if (BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + EndRecordBytes - LengthBytes)) != comment.Length) break;
            return (
                file.Length - comment.Length,
                comment.StartsWith(Encoding.ASCII.GetBytes(Prefix)) ? Read(comment) : comment.IsEmpty ? null : throw Unreadable(null));
        }

        throw new PackageException(PackageError.Corrupt, "The file is no intact model package: it does not end as a zip file does.");
    }

    private static PackageSignature Read(ReadOnlySpan<byte> comment)
    {
        try
        {
            var written = JsonNode.Parse(comment[Prefix.Length..])!.AsObject();
            if (written["format"]!.GetValue<int>() is var format and not CurrentFormat)
            {
                throw new PackageException(
                    PackageError.TooNew, $"The package's signature has format {format}; this version reads up to {CurrentFormat}. Update the software.");
            }

            return new PackageSignature(
                written["key"]!.GetValue<string>(),
                Convert.FromBase64String(written["claims"]!.GetValue<string>()),
                Convert.FromBase64String(written["signature"]!.GetValue<string>()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw Unreadable(e);
        }
    }

    private static PackageException Unreadable(Exception? inner) =>
        new(PackageError.Tampered, "What stands in the place of the package's signature is none: the file was changed.", inner);
}
