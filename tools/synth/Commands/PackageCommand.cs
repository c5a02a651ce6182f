using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SynthStudio.Catalog.Packages;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth package</c>: whether a model package is what somebody trusted signed.</summary>
internal sealed class PackageCommand
{
    private readonly AnonymousCommand server = new();
    private readonly Argument<FileInfo> file = new("FILE") { Description = "The model package (.synth)." };

    private readonly Option<FileInfo[]> publicKeys = new("--public-key")
    {
        Description = "Public key of a server whose signature counts (PEM, as synth package key prints it); may be repeated.", HelpName = "FILE", Required = true,
    };

    public Command Create() => new("package", "Check model packages without a server, and show the key that a server signs them with.")
    {
        new Command("verify", "Check a package's signature and contents; ends with 1 when it is not what one of the keys signed.") { file, publicKeys }.Does(VerifyAsync),
        server.Create("key", "Print the public key that the server signs packages with, for the settings of other servers and for verify.", [], KeyAsync),
    };

    private static async Task KeyAsync(AnonymousCall call)
    {
        var info = await call.Client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: call.Cancellation);
        Console.Error.WriteLine($"Key {info.PackageSigner.KeyId} of {info.PackageSigner.Deployment}");
        Console.WriteLine(info.PackageSigner.PublicKeyPem);
    }

    private async Task VerifyAsync(ParseResult parse, CancellationToken cancellation)
    {
        var package = InputFiles.Table("FILE", parse.GetRequiredValue(file));
        var trusted = new List<PackageSeal>();
        try
        {
            foreach (var key in parse.GetRequiredValue(publicKeys)) trusted.Add(await ReadAsync(InputFiles.Table("--public-key", key), cancellation));
            var opened = new PackageFile(package.FullName);
            var verified = await opened.VerifyAsync(trusted, allowUnsigned: false, cancellation);
            using var manifest = await opened.ReadManifestAsync(cancellation);
            Console.WriteLine(Describe(package, verified, manifest.RootElement));
        }
        catch (PackageException e)
        {
            throw new UntrustedPackageException($"{package}: {e.Message}");
        }
        finally
        {
            trusted.ForEach(seal => seal.Dispose());
        }
    }

    private static async Task<PackageSeal> ReadAsync(FileInfo key, CancellationToken cancellation)
    {
        try
        {
            return PackageSeal.Public(key.Name, await File.ReadAllTextAsync(key.FullName, cancellation));
        }
        catch (FormatException e)
        {
            throw new BadInputException($"--public-key: {key}: {e.Message}");
        }
    }

    private static TextTable Describe(FileInfo file, VerifiedPackage verified, JsonElement manifest)
    {
        var (signer, claims) = (verified.Signer!, verified.Claims!);
        var table = new TextTable("PACKAGE", file.Name);
        table.Add("signed by", $"{signer.Name} (key {signer.KeyId}), which calls itself {claims.Deployment}");
        table.Add("signed", claims.SignTime.ToString("u", CultureInfo.InvariantCulture));
        table.Add("generator", claims.Generator);
        if (claims.ReceivedFrom.Length > 0) table.Add("received from", claims.ReceivedFrom);
        table.Add("method", manifest.GetProperty("Method").GetString() ?? "");
        table.Add("model", $"{verified.Sha256}, {verified.Size} bytes");
        table.Add("privacy, as claimed", manifest.TryGetProperty("Privacy", out var privacy) ? privacy.GetString() ?? "" : "nothing");
        return table;
    }
}
