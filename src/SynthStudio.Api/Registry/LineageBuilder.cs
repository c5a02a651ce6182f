using System.Globalization;
using SynthStudio.Api.Authorization;
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

    /// <summary>Generators that are still to be looked at, and whether for what came of them: each may have started from another one.</summary>
    private readonly Queue<(string Name, bool Follow)> _waiting = new();
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private ILookup<string, string>? _started;
    private bool _truncated;

    /// <summary>The lineage of a resource; null when it does not exist.</summary>
    public async Task<V1.Lineage?> BuildAsync(string resource)
    {
        switch (resource.Split('/')[2])
        {
            case "datasets":
                await AddDatasetAsync(resource);
                await FollowDatasetAsync(resource);
                break;
            case "generators":
                _waiting.Enqueue((resource, true));
                break;
            case "syntheticDatasets":
                await AddSyntheticAsync(resource, follow: true);
                break;
            default:
                if (await evaluations.FindAsync(resource, cancellation) is { } evaluation) await AddEvaluationAsync(evaluation);
                break;
        }

        while (_waiting.TryDequeue(out var next))
        {
            await AddGeneratorAsync(next.Name);
            if (next.Follow && _followed.Add(next.Name)) await FollowGeneratorAsync(next.Name);
        }

        if (!Exists(resource)) return null;
        var lineage = new V1.Lineage { Resource = resource, Truncated = _truncated };
        var edges = _edges.Where(e => _nodes.ContainsKey(e.From) && _nodes.ContainsKey(e.To))
            .OrderBy(e => e.From, StringComparer.Ordinal)
            .ThenBy(e => e.To, StringComparer.Ordinal)
            .ToList();
        lineage.Nodes.Add(Ordered(edges));
        lineage.Edges.Add(edges.Select(e => new V1.LineageEdge { From = e.From, To = e.To }));
        return lineage;
    }

    /// <summary>A data set with the versions that it follows.</summary>
    private async Task AddDatasetAsync(string name)
    {
        while (name.Length > 0 && !_nodes.ContainsKey(name) && !IsFull())
        {
            var dataset = await datasets.FindAsync(name, cancellation);
            Add(name, V1.LineageKind.Dataset, dataset is null ? ResourceName.Id(name) : dataset.DisplayName, dataset is not null);
            if (dataset is null) return;
            // A withheld table tells nothing of itself, not even its size.
            Facts(
                name, ("state", dataset.State.ToString()), ("sha256", dataset.Object?.Sha256),
                ("rows", dataset.Withheld ? null : Text(dataset.RowCount)), ("created", Time(dataset.CreateTime)));
            if (dataset.PreviousVersion.Length > 0) _edges.Add((dataset.PreviousVersion, name));
            name = dataset.PreviousVersion;
        }
    }

    /// <summary>The versions that follow a data set, and what learned it.</summary>
    private async Task FollowDatasetAsync(string name)
    {
        if (await datasets.FindAsync(name, cancellation) is not { } dataset) return;
        var versions = await datasets.ListNextAsync(dataset, MostOfOne + 1, cancellation);
        _truncated |= versions.Count > MostOfOne;
        foreach (var version in versions.Take(MostOfOne)) await AddDatasetAsync(version);
        var learned = await generators.ListAsync(project, new PageRequest(MostOfOne), name, cancellation);
        _truncated |= learned.Next is not null;
        foreach (var generator in learned.Items) _waiting.Enqueue((generator.Name, true));
    }

    private async Task AddGeneratorAsync(string name)
    {
        if (_nodes.ContainsKey(name) || IsFull()) return;
        var generator = await generators.FindAsync(name, cancellation);
        Add(
            name, V1.LineageKind.Generator,
            generator is null || generator.Definition.DisplayName.Length == 0 ? ResourceName.Id(name) : generator.Definition.DisplayName,
            generator is not null);
        if (generator is null) return;
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
            await AddDatasetAsync(definition.Dataset);
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
            _waiting.Enqueue((start.Generator, false));
            _edges.Add((start.Generator, name));
        }
    }

    /// <summary>What a generator drew, and the generators that learned on from its model.</summary>
    private async Task FollowGeneratorAsync(string name)
    {
        if (!Exists(name) || IsFull()) return;
        var drawn = await synthetics.ListByGeneratorAsync(name, new PageRequest(MostOfOne), cancellation);
        _truncated |= drawn.Next is not null;
        foreach (var synthetic in drawn.Items) await AddSyntheticAsync(synthetic, follow: true);
        _started ??= (await generators.ListStartedAsync(project, cancellation))
            .ToLookup(g => g.Definition.Training.Start!.Generator, g => g.Name, StringComparer.Ordinal);
        foreach (var learner in _started[name]) _waiting.Enqueue((learner, true));
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

    private async Task AddSyntheticAsync(string name, bool follow)
    {
        if (_nodes.ContainsKey(name)) return;
        if (await synthetics.FindAsync(name, cancellation) is { } synthetic) await AddSyntheticAsync(synthetic, follow);
        else Add(name, V1.LineageKind.SyntheticDataset, ResourceName.Id(name), exists: false);
    }

    private async Task AddSyntheticAsync(SyntheticDatasetRecord synthetic, bool follow)
    {
        if (_nodes.ContainsKey(synthetic.Name) || IsFull()) return;
        Add(
            synthetic.Name, V1.LineageKind.SyntheticDataset,
            synthetic.DisplayName.Length > 0 ? synthetic.DisplayName : ResourceName.Id(synthetic.Name), exists: true);
        Facts(
            synthetic.Name, ("state", synthetic.State.ToString()), ("rows", Text(synthetic.Rows)), ("seed", Text(synthetic.Seed)),
            ("created", Time(synthetic.CreateTime)),
            ("model_sha256", synthetic.ModelSha256));
        await AddGeneratorAsync(synthetic.Generator);
        if (synthetic.State == ArtifactState.Ready && _models.GetValueOrDefault(synthetic.Generator) is { } model && model != synthetic.ModelSha256)
            Facts(synthetic.Name, ("drawn_from", "an earlier or unknown model"));
        _edges.Add((synthetic.Generator, synthetic.Name));
        if (!follow) return;
        var scored = await evaluations.ListBySyntheticDatasetAsync(synthetic.Name, new PageRequest(MostOfOne), cancellation);
        _truncated |= scored.Next is not null;
        foreach (var evaluation in scored.Items) await AddEvaluationAsync(evaluation);
    }

    private async Task AddEvaluationAsync(EvaluationRecord evaluation)
    {
        if (_nodes.ContainsKey(evaluation.Name) || IsFull()) return;
        Add(
            evaluation.Name, V1.LineageKind.Evaluation,
            evaluation.DisplayName.Length > 0 ? evaluation.DisplayName : ResourceName.Id(evaluation.Name), exists: true);
        Facts(
            evaluation.Name, ("state", evaluation.State.ToString()), ("report_sha256", evaluation.Report?.Sha256),
            ("created", Time(evaluation.CreateTime)));
        if (evaluation.SyntheticDataset.Split('/')[2] == "datasets") await AddDatasetAsync(evaluation.SyntheticDataset);
        else await AddSyntheticAsync(evaluation.SyntheticDataset, follow: false);
        _edges.Add((evaluation.SyntheticDataset, evaluation.Name));
        foreach (var real in new[] { evaluation.Dataset, evaluation.Holdout }.Where(d => d.Length > 0))
        {
            await AddDatasetAsync(real);
            _edges.Add((real, evaluation.Name));
        }
    }

    private bool Exists(string id) => _nodes.TryGetValue(id, out var node) && node.Exists;

    /// <summary>Whether there are as many nodes as there may be; who asks leaves something out then.</summary>
    private bool IsFull()
    {
        _truncated |= _nodes.Count >= MostNodes;
        return _nodes.Count >= MostNodes;
    }

    private void Add(string id, V1.LineageKind kind, string label, bool exists)
    {
        if (!_nodes.ContainsKey(id) && !IsFull()) _nodes.Add(id, new V1.LineageNode { Id = id, Kind = kind, Label = label, Exists = exists });
    }

    private void Facts(string id, params (string Name, string? Value)[] facts)
    {
        if (!_nodes.TryGetValue(id, out var node)) return; // There was no room for it.
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value)) node.Facts[name] = value;
        }
    }

    /// <summary>Origins first (Kahn); among those without an order between them by kind and id.</summary>
    private IEnumerable<V1.LineageNode> Ordered(IReadOnlyList<(string From, string To)> edges)
    {
        var (origins, results) = (edges.ToLookup(e => e.To, StringComparer.Ordinal), edges.ToLookup(e => e.From, e => e.To, StringComparer.Ordinal));
        var open = _nodes.Keys.ToDictionary(id => id, id => origins[id].Count(), StringComparer.Ordinal);
        var next = new PriorityQueue<string, (int Open, V1.LineageKind Kind, string Id)>(
            Comparer<(int Open, V1.LineageKind Kind, string Id)>.Create((one, other) =>
                one.Open != other.Open ? one.Open.CompareTo(other.Open)
                : one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind)
                : string.CompareOrdinal(one.Id, other.Id)));
        foreach (var (id, count) in open) next.Enqueue(id, (count, _nodes[id].Kind, id));
        while (next.TryDequeue(out var id, out var place))
        {
            if (!open.TryGetValue(id, out var count) || count != place.Open) continue; // It is told, or stands further ahead by now.
            open.Remove(id);
            foreach (var result in results[id].Where(open.ContainsKey)) next.Enqueue(result, (--open[result], _nodes[result].Kind, result));
            yield return _nodes[id];
        }
    }

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
