using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace SynthStudio.Catalog.Packages;

/// <summary>A model package (<c>.synth</c>) that came from elsewhere. All in it is checked before any of it is used; nothing in it is run.</summary>
/// <param name="path">The file.</param>
public sealed class PackageFile(string path)
{
    /// <summary>The newest layout that this version reads; a test holds it and what workers write together.</summary>
    public const int NewestLayout = 1;

    private const string ManifestName = "manifest.json";
    private const long LargestManifest = 16 << 20;
    private const int MostEntries = 10_000;

    /// <summary>Bytes of all entries as they come out: what would take more is no model, but a bomb.</summary>
    private const long LargestContent = 8L << 30;

    /// <summary>Checks the signature against the keys, and the file against the signature.</summary>
    /// <param name="trusted">Keys whose signatures count.</param>
    /// <param name="allowUnsigned">Whether a package without any is taken too.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="PackageException">It is not to be trusted.</exception>
    public async Task<VerifiedPackage> VerifyAsync(IEnumerable<PackageSeal> trusted, bool allowUnsigned, CancellationToken cancellation = default)
    {
        await using var file = File.OpenRead(path);
        var (size, signature) = await PackageSignature.FindAsync(file, cancellation);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(new UnsignedStream(file, size), cancellation));
        if (signature is null)
        {
            return allowUnsigned
                ? new VerifiedPackage(sha256, size, null, null)
                : throw new PackageException(PackageError.Unsigned, "The package is not signed: nobody answers for where it comes from and what it promises.");
        }

        var signer = trusted.FirstOrDefault(key => key.KeyId == signature.KeyId) ?? throw new PackageException(
            PackageError.SignerUnknown, $"The package is signed by the key {signature.KeyId}, which is not among those that are trusted here.");
        if (!signer.Verify(signature.Claims, signature.Signature))
            throw new PackageException(PackageError.Tampered, $"The package's signature is not one by {signer.Name} (key {signer.KeyId}): it was changed.");
        var claims = Claims(signature);
        return claims.Sha256 == sha256 && claims.Size == size
            ? new VerifiedPackage(sha256, size, signer, claims)
            : throw new PackageException(PackageError.Tampered, $"The package is not the one that {signer.Name} signed: its bytes were changed.");
    }

    /// <summary>The package as it was before it was signed.</summary>
    /// <param name="verified">What <see cref="VerifyAsync"/> found.</param>
    public Stream OpenUnsigned(VerifiedPackage verified) => new UnsignedStream(File.OpenRead(path), verified.Size);

    /// <summary>Reads the manifest, after holding every entry against the hash that it lists.</summary>
    /// <exception cref="PackageException">They do not agree, or the layout is a newer one.</exception>
    public async Task<JsonDocument> ReadManifestAsync(CancellationToken cancellation = default)
    {
        try
        {
            using var zip = await ZipFile.OpenReadAsync(path, cancellation);
            if (zip.GetEntry(ManifestName) is not { Length: <= LargestManifest } entry) throw Corrupt("it has no manifest");
            await using var stream = await entry.OpenAsync(cancellation);
            using var bytes = new MemoryStream();
            await new BoundedStream(stream, LargestManifest).CopyToAsync(bytes, cancellation);
            var manifest = JsonDocument.Parse(bytes.ToArray());
            try
            {
                Check(manifest.RootElement, entry.Comment, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));
                await CheckEntriesAsync(zip, manifest.RootElement.GetProperty("Entries"), cancellation);
                return manifest;
            }
            catch
            {
                manifest.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException
            or NotSupportedException or InvalidOperationException or KeyNotFoundException)
        {
            throw Corrupt(e.Message, e);
        }
    }

    private static PackageClaims Claims(PackageSignature signature)
    {
        try
        {
            return PackageClaims.Read(signature.Claims);
        }
        catch (JsonException e)
        {
            throw new PackageException(PackageError.TooNew, "What is signed cannot be read by this version. Update the software.", e);
        }
    }

    private static void Check(JsonElement manifest, string listed, string sha256)
    {
        if (!manifest.TryGetProperty("FormatVersion", out var version) || !version.TryGetInt32(out var number)) throw Corrupt("its manifest names no format version");
        if (number > NewestLayout)
            throw new PackageException(PackageError.TooNew, $"The model package has format {number}; this version reads up to {NewestLayout}. Update the software.");
        if (listed.Length > 0 && listed != sha256) throw Corrupt("its manifest does not match its checksum");
        if (listed.Length == 0 && manifest.TryGetProperty("HasChecksum", out var says) && says.ValueKind == JsonValueKind.True)
            throw Corrupt("the checksum of its manifest was taken off");
    }

    private static async Task CheckEntriesAsync(ZipArchive zip, JsonElement listed, CancellationToken cancellation)
    {
        var hashes = listed.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString(), StringComparer.Ordinal);
        if (hashes.Count > MostEntries) throw Corrupt($"it lists {hashes.Count} entries");
        if (zip.Entries.Count != hashes.Count + 1) throw Corrupt("it holds entries that its manifest does not list, or lists such as it does not hold");
        var left = LargestContent;
        foreach (var (name, hash) in hashes)
        {
            await using var stream = await (zip.GetEntry(name) ?? throw Corrupt($"the entry '{name}' is missing")).OpenAsync(cancellation);
            var bounded = new BoundedStream(stream, left);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(bounded, cancellation)) != hash) throw Corrupt($"the entry '{name}' does not match its checksum");
            left = bounded.Left;
        }
    }

    private static PackageException Corrupt(string why, Exception? inner = null) => new(PackageError.Corrupt, $"The file is no intact model package: {why}.", inner);
}

/// <summary>A package that may be used.</summary>
/// <param name="Sha256">Of the package without its signature, lower-case hexadecimal.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Signer">Who signed it; null for nobody.</param>
/// <param name="Claims">What they say of it; null for nothing.</param>
public sealed record VerifiedPackage(string Sha256, long Size, PackageSeal? Signer, PackageClaims? Claims);
