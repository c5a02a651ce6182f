using System.Globalization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>Walks from one resource to its origins and to what came of it. Origins that were deleted are still named. For one call.</summary>
internal sealed class LineageBuilder(
    DatasetStore datasets, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations, PackageManifests manifests, string project,
    CancellationToken cancellation)
{
    private const int MostNodes = 1000, MostOfOne = 200;

    private readonly Dictionary<string, V1.LineageNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<(string From, string To)> _edges = [];
    private readonly Dictionary<string, string> _models = new(StringComparer.Ordinal);
    private bool _truncated;

    /// <summary>The lineage of a resource; null when it does not exist.</summary>
    public async Task<V1.Lineage?> BuildAsync(string resource)
    {
        var exists = resource.Split('/')[2] switch
        {
            "datasets" => await AddDatasetAsync(resource, follow: true),
            "generators" => await AddGeneratorAsync(resource, follow: true),
            "syntheticDatasets" => await AddSyntheticAsync(resource, follow: true),
            _ => await AddEvaluationAsync(resource),
        };
        if (!exists) return null;
        var lineage = new V1.Lineage { Resource = resource, Truncated = _truncated };
        lineage.Nodes.Add(Ordered());
        lineage.Edges.Add(_edges.OrderBy(e => e.From, StringComparer.Ordinal).ThenBy(e => e.To, StringComparer.Ordinal).Select(e => new V1.LineageEdge { From = e.From, To = e.To }));
        return lineage;
    }

    private async Task<bool> AddDatasetAsync(string name, bool follow)
    {
        if (_nodes.ContainsKey(name) && !follow) return true;
        var dataset = await datasets.FindAsync(name, cancellation);
        Add(name, V1.LineageKind.Dataset, dataset is null ? Id(name) : dataset.DisplayName, dataset is not null);
        if (dataset is null) return false;
        // A withheld table tells nothing of itself, not even its size.
        Facts(name, ("state", dataset.State.ToString()), ("sha256", dataset.Object?.Sha256), ("rows", dataset.Withheld ? null : Text(dataset.RowCount)), ("created", Time(dataset.CreateTime)));
        if (dataset.PreviousVersion.Length > 0)
        {
            await AddDatasetAsync(dataset.PreviousVersion, follow: false);
            _edges.Add((dataset.PreviousVersion, name));
        }

        if (!follow) return true;
        foreach (var version in (await datasets.ListVersionsAsync(dataset, cancellation)).Where(d => d.PreviousVersion == name))
        {
            await AddDatasetAsync(version.Name, follow: false);
            _edges.Add((name, version.Name));
        }

        var learned = await generators.ListAsync(project, new PageRequest(MostOfOne), name, cancellation);
        _truncated |= learned.Next is not null;
        foreach (var generator in learned.Items) await AddGeneratorAsync(generator.Name, follow: true);
        return true;
    }

    private async Task<bool> AddGeneratorAsync(string name, bool follow)
    {
        if (_nodes.ContainsKey(name) || IsFull()) return true;
        var generator = await generators.FindAsync(name, cancellation);
        Add(name, V1.LineageKind.Generator, generator is null || generator.Definition.DisplayName.Length == 0 ? Id(name) : generator.Definition.DisplayName, generator is not null);
        if (generator is null) return false;
        if (generator.Model is { } made) _models[name] = made.Sha256;
        var definition = generator.Definition;
        Facts(
            name, ("state", generator.State.ToString()), ("method", definition.Training.Method), ("model_sha256", generator.Model?.Sha256), ("created", Time(generator.CreateTime)),
            ("data_fingerprint", GeneratorConfig.DataFingerprint(definition)));
        if (generator.Origin is { } origin)
        {
            AddPackage(generator, origin);
        }
        else if (!generator.IsDeclared)
        {
            await AddDatasetAsync(definition.Dataset, follow: false);
            _edges.Add((definition.Dataset, name));
        }

        var config = $"config:{GeneratorConfig.Fingerprint(definition)}";
        Add(config, V1.LineageKind.Config, definition.Training.Method, exists: true);
        Facts(config, [.. GeneratorConfig.Of(definition).Select(f => (f.Key, (string?)f.Value))]);
        _edges.Add((config, name));
        if (generator.Model is { } model && await manifests.ReadAsync(model, cancellation) is { } facts)
        {
            var code = $"code:{facts.CodeVersion}";
            Add(code, V1.LineageKind.Code, $"version {facts.CodeVersion}", exists: true);
            _edges.Add((code, name));
        }

        if (definition.Training.Start is { } start)
        {
            await AddGeneratorAsync(start.Generator, follow: false);
            _edges.Add((start.Generator, name));
        }

        if (!follow) return true;
        var drawn = await synthetics.ListByGeneratorAsync(name, new PageRequest(MostOfOne), cancellation);
        _truncated |= drawn.Next is not null;
        foreach (var synthetic in drawn.Items) await AddSyntheticAsync(synthetic, follow: true);
        return true;
    }

    /// <summary>What a generator was imported from, with what its signer says of it.</summary>
    private void AddPackage(GeneratorSnapshot generator, PackageOrigin origin)
    {
        var id = $"package:{generator.Model!.Sha256}";
        Add(id, V1.LineageKind.Package, origin.Signer.Length > 0 ? $"package signed by {origin.Signer}" : "package without signature", exists: true);
        Facts(
            id, ("signer", origin.Signer), ("key", origin.KeyId), ("deployment", origin.Deployment), ("generator", origin.Generator),
            ("signed", origin.SignTime is { } time ? Time(time) : null), ("received_from", origin.ReceivedFrom), ("claimed_epsilon", Text(origin.Claim?.Epsilon)),
            ("claimed_delta", Text(origin.Claim?.Delta)));
        _edges.Add((id, generator.Name));
    }

    private async Task<bool> AddSyntheticAsync(string name, bool follow)
    {
        if (_nodes.ContainsKey(name)) return true;
        if (await synthetics.FindAsync(name, cancellation) is { } synthetic)
        {
            await AddSyntheticAsync(synthetic, follow);
            return true;
        }

        Add(name, V1.LineageKind.SyntheticDataset, Id(name), exists: false);
        return false;
    }

    private async Task AddSyntheticAsync(SyntheticDatasetRecord synthetic, bool follow)
    {
        if (_nodes.ContainsKey(synthetic.Name) || IsFull()) return;
        Add(synthetic.Name, V1.LineageKind.SyntheticDataset, synthetic.DisplayName.Length > 0 ? synthetic.DisplayName : Id(synthetic.Name), exists: true);
        Facts(
            synthetic.Name, ("state", synthetic.State.ToString()), ("rows", Text(synthetic.Rows)), ("seed", Text(synthetic.Seed)), ("created", Time(synthetic.CreateTime)),
            ("model_sha256", synthetic.ModelSha256));
        await AddGeneratorAsync(synthetic.Generator, follow: false);
        if (synthetic.State == ArtifactState.Ready && _models.GetValueOrDefault(synthetic.Generator) is { } model && model != synthetic.ModelSha256)
            Facts(synthetic.Name, ("drawn_from", "an earlier or unknown model"));
        _edges.Add((synthetic.Generator, synthetic.Name));
        if (!follow) return;
        var scored = await evaluations.ListBySyntheticDatasetAsync(synthetic.Name, new PageRequest(MostOfOne), cancellation);
        _truncated |= scored.Next is not null;
        foreach (var evaluation in scored.Items) await AddEvaluationAsync(evaluation);
    }

    private async Task<bool> AddEvaluationAsync(string name)
    {
        if (await evaluations.FindAsync(name, cancellation) is not { } evaluation) return false;
        await AddEvaluationAsync(evaluation);
        return true;
    }

    private async Task AddEvaluationAsync(EvaluationRecord evaluation)
    {
        if (_nodes.ContainsKey(evaluation.Name) || IsFull()) return;
        Add(evaluation.Name, V1.LineageKind.Evaluation, evaluation.DisplayName.Length > 0 ? evaluation.DisplayName : Id(evaluation.Name), exists: true);
        Facts(evaluation.Name, ("state", evaluation.State.ToString()), ("report_sha256", evaluation.Report?.Sha256), ("created", Time(evaluation.CreateTime)));
        if (evaluation.SyntheticDataset.Split('/')[2] == "datasets") await AddDatasetAsync(evaluation.SyntheticDataset, follow: false);
        else await AddSyntheticAsync(evaluation.SyntheticDataset, follow: false);
        _edges.Add((evaluation.SyntheticDataset, evaluation.Name));
        foreach (var real in new[] { evaluation.Dataset, evaluation.Holdout }.Where(d => d.Length > 0))
        {
            await AddDatasetAsync(real, follow: false);
            _edges.Add((real, evaluation.Name));
        }
    }

    private bool IsFull()
    {
        _truncated |= _nodes.Count >= MostNodes;
        return _nodes.Count >= MostNodes;
    }

    private void Add(string id, V1.LineageKind kind, string label, bool exists) => _nodes.TryAdd(id, new V1.LineageNode { Id = id, Kind = kind, Label = label, Exists = exists });

    private void Facts(string id, params (string Name, string? Value)[] facts)
    {
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value)) _nodes[id].Facts[name] = value;
        }
    }

    /// <summary>Origins first (Kahn); among those without an order between them by kind and id.</summary>
    private IEnumerable<V1.LineageNode> Ordered()
    {
        var origins = _nodes.Keys.ToDictionary(id => id, id => _edges.Count(e => e.To == id), StringComparer.Ordinal);
        while (origins.Count > 0)
        {
            var next = origins.OrderBy(o => o.Value).ThenBy(o => _nodes[o.Key].Kind).ThenBy(o => o.Key, StringComparer.Ordinal).First().Key;
            origins.Remove(next);
            foreach (var edge in _edges.Where(e => e.From == next && origins.ContainsKey(e.To))) origins[edge.To]--;
            yield return _nodes[next];
        }
    }

    private static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
