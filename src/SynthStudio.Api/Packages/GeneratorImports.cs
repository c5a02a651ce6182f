using System.Text.Json;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Services;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Packages;
using SynthStudio.Storage;

namespace SynthStudio.Api.Packages;

/// <summary>
/// Makes generators of model packages that were uploaded: after their signature, their entries and their layout were checked.
/// </summary>
internal sealed class GeneratorImports(
    UploadFlow uploads, IObjectStore objects, PackageKeys keys, IMethodDirectory methods, CopyingMethods copying, IGrainFactory grains,
    ApiOptions options)
{
    private const string MediaType = "application/zip";

    /// <summary>Makes the generator. Repeating it changes nothing.</summary>
    /// <param name="name">The generator to be.</param>
    /// <param name="displayName">For people.</param>
    /// <param name="upload">The upload, of a package, that holds all its bytes.</param>
    /// <param name="allowUnsigned">Whether its importer takes it without a signature.</param>
    /// <param name="creator">Who imports it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">It is not taken, and why.</exception>
    public async Task<GeneratorSnapshot> ImportAsync(
        string name, string displayName, UploadRecord upload, bool allowUnsigned, string creator, CancellationToken cancellation)
    {
        if (allowUnsigned && !options.Packages.AllowUnsigned)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.PackageUnsigned, upload.Name, "This server takes no packages without signature; its operator may allow them (SynthStudio:Api:Packages:AllowUnsigned).");
        }

        var uploaded = await uploads.FinishPackageAsync(upload, cancellation);
        try
        {
            var file = new PackageFile(await objects.GetLocalPathAsync(uploaded, cancellation));
            var verified = await file.VerifyAsync(keys.Trusted, allowUnsigned, cancellation);
            using var manifest = await file.ReadManifestAsync(cancellation);
            var definition = await DefineAsync(upload, manifest.RootElement, displayName, creator, cancellation);
            var origin = OriginOf(verified, manifest.RootElement);
            await using var content = file.OpenUnsigned(verified);
            var model = await objects.OfProject(upload.Project).PutAsync(content, MediaType, cancellation);
            var generator = await grains.GetGrain<IGeneratorGrain>(name).ImportAsync(definition, model, origin);
            await uploads.EndPackageAsync(upload, uploaded, cancellation);
            return generator;
        }
        catch (PackageException e)
        {
            throw ApiErrors.Precondition(ReasonOf(e.Error), upload.Name, e.Message);
        }
        catch (WorkStateException)
        {
            throw ApiErrors.AlreadyExists(name);
        }
    }

    /// <summary>What a signature says of a model that leaves.</summary>
    public byte[] Sign(GeneratorSnapshot generator, ObjectRef model, DateTimeOffset now) => PackageSignature.Make(keys.Own, new PackageClaims
    {
        Sha256 = model.Sha256,
        Size = model.Size,
        Deployment = options.Issuer,
        Generator = generator.Name,
        SignTime = now,
        ReceivedFrom = generator.Origin is not { } origin ? "" : origin.Signer.Length > 0 ? $"{origin.Signer} ({origin.KeyId})" : "unsigned",
    });

    private async Task<GeneratorDefinition> DefineAsync(
        UploadRecord upload, JsonElement manifest, string displayName, string creator, CancellationToken cancellation)
    {
        var facts = PackageManifests.FactsOf(manifest);
        var known = await methods.ListAsync(cancellation);
        if (known.All(method => method.Name != facts.Method))
        {
            throw ApiErrors.Precondition(
                ErrorReasons.UnknownMethod, upload.Name, $"The package's model is of the method {facts.Method}, which the workers of this server do not know. Update the software.");
        }

        await copying.RefuseAsync(facts.Method, upload.Name, cancellation);
        return new GeneratorDefinition
        {
            Dataset = "",
            DisplayName = displayName,
            Creator = creator,
            Requirements = WorkRequirements.Any with { MemoryBytes = MemoryNeeds.Worker },
            Training = new TrainingSpec
            {
                Data = DataInput.None, Method = facts.Method, Options = facts.Options, Seed = facts.Seed,
            },
        };
    }

    private static PackageOrigin OriginOf(VerifiedPackage verified, JsonElement manifest) => new()
    {
        Signer = verified.Signer?.Name ?? "",
        KeyId = verified.Signer?.KeyId ?? "",
        Deployment = verified.Claims?.Deployment ?? "",
        Generator = verified.Claims?.Generator ?? "",
        SignTime = verified.Claims?.SignTime,
        ReceivedFrom = verified.Claims?.ReceivedFrom ?? "",
        Claim = ClaimedPrivacy.Find(manifest),
    };

    private static string ReasonOf(PackageError error) => error switch
    {
        PackageError.Tampered => ErrorReasons.PackageTampered,
        PackageError.Unsigned => ErrorReasons.PackageUnsigned,
        PackageError.SignerUnknown => ErrorReasons.PackageSignerUnknown,
        PackageError.TooNew => ErrorReasons.PackageTooNew,
        _ => ErrorReasons.PackageCorrupt,
    };
}
