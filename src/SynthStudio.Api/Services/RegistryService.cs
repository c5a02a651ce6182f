using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class RegistryService(
    GeneratorAliasStore aliases, GeneratorNames names, ModelCards cards, PackageManifests manifests, DatasetStore datasets, GeneratorIndex generators,
    SyntheticDatasetStore synthetics, EvaluationStore evaluations, IGrainFactory grains, TimeProvider time)
    : V1.RegistryService.RegistryServiceBase
{
    private const int MostAliases = 1000;

    private static readonly ResourcePattern[] Traced =
        [ResourcePattern.Dataset, ResourcePattern.Generator, ResourcePattern.SyntheticDataset, ResourcePattern.Evaluation];

    public override async Task<V1.GeneratorAlias> SetGeneratorAlias(V1.SetGeneratorAliasRequest request, ServerCallContext context)
    {
        if (!ResourcePattern.IsId(request.AliasId)) throw ApiErrors.InvalidField("alias_id", "must be 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.", ErrorReasons.InvalidName);
        Check.Reference(request.Generator, ResourcePattern.Generator, request.Parent, "generator");
        var namesake = $"{request.Parent}/generators/{request.AliasId}";
        if (await generators.FindAnyAsync(namesake, context.CancellationToken) is not null) throw ApiErrors.AlreadyExists(namesake);
        var target = await names.ResolveAsync(request.Generator, context.CancellationToken);
        var generator = await grains.GetGrain<IGeneratorGrain>(target).GetAsync(); // Refuses one that does not exist.
        var alias = new GeneratorAliasRecord($"{request.Parent}/generatorAliases/{request.AliasId}", generator.Name, Caller.Of(context).User, time.Now());
        if ((await aliases.ListAsync(request.Parent, MostAliases, context.CancellationToken)) is { Count: MostAliases } full
            && full.All(a => a.Name != alias.Name))
            throw ApiErrors.TooLarge(request.Parent, $"A project has at most {MostAliases} aliases.");
        await SetAsync(alias, context.CancellationToken);
        return ToProto(alias);
    }

    /// <summary>
    /// Sets an alias of a generator that is there. Who deletes the generator at the same moment looks for aliases before and after; so either sees the other,
    /// whatever comes first.
    /// </summary>
    private async Task SetAsync(GeneratorAliasRecord alias, CancellationToken cancellation)
    {
        var before = await aliases.FindAsync(alias.Name, cancellation);
        await aliases.SetAsync(alias, cancellation);
        try
        {
            await grains.GetGrain<IGeneratorGrain>(alias.Generator).GetAsync();
        }
        catch
        {
            if ((await aliases.FindAsync(alias.Name, CancellationToken.None))?.Generator == alias.Generator) // Else somebody pointed it elsewhere.
            {
                if (before is null || before.Generator == alias.Generator) await aliases.DeleteAsync(alias.Name, CancellationToken.None);
                else await aliases.SetAsync(before, CancellationToken.None);
            }

            throw;
        }
        finally
        {
            names.Forget(alias.Name);
        }
    }

    public override async Task<V1.ListGeneratorAliasesResponse> ListGeneratorAliases(V1.ListGeneratorAliasesRequest request, ServerCallContext context) => new()
    {
        GeneratorAliases = { (await aliases.ListAsync(request.Parent, MostAliases, context.CancellationToken)).Select(ToProto) },
    };

    public override async Task<Empty> DeleteGeneratorAlias(V1.DeleteGeneratorAliasRequest request, ServerCallContext context)
    {
        if (!await aliases.DeleteAsync(request.Name, context.CancellationToken)) throw ApiErrors.NotFound(request.Name);
        names.Forget(request.Name);
        return new Empty();
    }

    public override async Task<V1.Lineage> GetLineage(V1.GetLineageRequest request, ServerCallContext context)
    {
        var pattern = Array.Find(Traced, p => p.Matches(request.Resource))
            ?? throw ApiErrors.InvalidField("resource", "must name a data set, generator, synthetic data set or evaluation.", ErrorReasons.InvalidName);
        var resource = Check.Reference(request.Resource, pattern, request.Parent, "resource");
        if (pattern == ResourcePattern.Generator) resource = await names.ResolveAsync(resource, context.CancellationToken);
        var builder = new LineageBuilder(datasets, generators, synthetics, evaluations, manifests, request.Parent, context.CancellationToken);
        return await builder.BuildAsync(resource) ?? throw ApiErrors.NotFound(resource);
    }

    public override async Task<V1.ModelCard> GetModelCard(V1.GetModelCardRequest request, ServerCallContext context)
    {
        var card = await cards.MakeAsync(await FindAsync(ResourceName.Parent(request.Name), context), context.CancellationToken);
        return new V1.ModelCard
        {
            Name = request.Name,
            Content = request.Format switch
            {
                V1.ModelCardFormat.Markdown => ModelCardText.Markdown(card),
                V1.ModelCardFormat.Html => ModelCardText.Html(card),
                V1.ModelCardFormat.Unspecified or V1.ModelCardFormat.Json => card.ToJsonString(),
                _ => throw ApiErrors.InvalidField("format", "must be json, markdown or html."),
            },
        };
    }

    public override async Task<V1.GeneratorComparison> GetGeneratorComparison(V1.GetGeneratorComparisonRequest request, ServerCallContext context)
    {
        Check.Reference(request.Other, ResourcePattern.Generator, ResourceName.Root(request.Name), "other");
        var (one, other) = (await FindAsync(request.Name, context), await FindAsync(request.Other, context));
        var comparison = new V1.GeneratorComparison
        {
            Name = one.Name,
            Other = other.Name,
            SameData = GeneratorConfig.DataFingerprint(one.Definition) is { Length: > 0 } data && data == GeneratorConfig.DataFingerprint(other.Definition),
            SameConfig = GeneratorConfig.Fingerprint(one.Definition) == GeneratorConfig.Fingerprint(other.Definition),
        };
        var (fields, others) = (GeneratorConfig.Of(one.Definition).ToDictionary(), GeneratorConfig.Of(other.Definition).ToDictionary());
        foreach (var field in fields.Keys.Union(others.Keys))
        {
            var (value, otherValue) = (fields.GetValueOrDefault(field, ""), others.GetValueOrDefault(field, ""));
            if (value != otherValue) comparison.Differences.Add(new V1.ConfigDifference { Field = field, Value = value, OtherValue = otherValue });
        }

        var (measured, otherMeasured) = (await cards.FiguresAsync(one, context.CancellationToken), await cards.FiguresAsync(other, context.CancellationToken));
        foreach (var name in measured.Keys.Union(otherMeasured.Keys).Order(StringComparer.Ordinal))
        {
            var figure = new V1.MeasuredFigure { Name = name };
            if (measured.TryGetValue(name, out var value)) figure.Value = value;
            if (otherMeasured.TryGetValue(name, out var otherValue)) figure.OtherValue = otherValue;
            comparison.Figures.Add(figure);
        }

        return comparison;
    }

    private async Task<GeneratorSnapshot> FindAsync(string name, ServerCallContext context) =>
        await grains.GetGrain<IGeneratorGrain>(await names.ResolveAsync(name, context.CancellationToken)).GetAsync();

    private static V1.GeneratorAlias ToProto(GeneratorAliasRecord alias) => new()
    {
        Name = alias.Name, Generator = alias.Generator, Creator = alias.Creator, UpdateTime = alias.UpdateTime.ToProto(),
    };
}
