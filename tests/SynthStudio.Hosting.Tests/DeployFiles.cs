using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace SynthStudio.Hosting.Tests;

/// <summary>What is written under tools/deploy, read.</summary>
internal static class DeployFiles
{
    /// <summary>Folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Folder of what runs a cluster.</summary>
    public static string Deploy { get; } = Path.Combine(Root, "tools", "deploy");

    /// <summary>What kustomize reads in a folder.</summary>
    public const string Kustomization = "kustomization.yaml";

    /// <summary>Folder of the Kubernetes manifests.</summary>
    public static string Kubernetes { get; } = Path.Combine(Deploy, "kubernetes");

    /// <summary>Every object of the Kubernetes manifests.</summary>
    public static List<object> Manifests() => [.. ManifestFiles().SelectMany(ManifestsOf)];

    /// <summary>The Kubernetes manifests.</summary>
    public static IEnumerable<string> ManifestFiles() =>
        Directory.EnumerateFiles(Kubernetes, "*.yaml", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != Kustomization);

    /// <summary>The objects of one of them.</summary>
    public static List<object> ManifestsOf(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true);

    /// <summary>The only document of a YAML file.</summary>
    public static YamlMappingNode Yaml(string file)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(file)) yaml.Load(text);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    /// <summary>The pods that an object makes; null when it makes none.</summary>
    public static V1PodTemplateSpec? PodOf(object manifest) => manifest switch
    {
        V1Deployment deployment => deployment.Spec.Template,
        V1Job job => job.Spec.Template,
        _ => null,
    };

    /// <summary>The containers of the manifests and what is set for them.</summary>
    public static IEnumerable<(string Name, Dictionary<string, string> Settings)> KubernetesProcesses()
    {
        var manifests = Manifests();
        foreach (var pod in manifests.Select(PodOf).OfType<V1PodTemplateSpec>())
        {
            var container = pod.Spec.Containers.Single();
            var settings = new Dictionary<string, string>();
            foreach (var source in container.EnvFrom)
            {
                var shared = source.ConfigMapRef is { } map
                    ? manifests.OfType<V1ConfigMap>().Single(m => m.Name() == map.Name).Data
                    : manifests.OfType<V1Secret>().Single(s => s.Name() == source.SecretRef.Name).StringData;
                foreach (var (name, value) in shared) Add(settings, name, value);
            }

            foreach (var variable in container.Env) Add(settings, variable.Name, variable.Value ?? "10.0.0.1"); // The pod's address.
            yield return (container.Name, settings);
        }
    }

    /// <summary>The compose file, merged.</summary>
    public static YamlMappingNode Compose()
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(Path.Combine(Deploy, "compose", "compose.yaml"))) yaml.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(text)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    /// <summary>The services of the compose file that have settings, and those.</summary>
    public static IEnumerable<(string Name, Dictionary<string, string> Settings)> ComposeProcesses()
    {
        foreach (var (name, service) in ((YamlMappingNode)Compose()["services"]).Children.Select(s => ($"{s.Key}", (YamlMappingNode)s.Value)))
        {
            if (!service.Children.TryGetValue("environment", out var environment)) continue;
            var settings = new Dictionary<string, string>();
            foreach (var (key, value) in ((YamlMappingNode)environment).Children) Add(settings, $"{key}", $"{value}");
            if (settings.Count > 0) yield return (name, settings);
        }
    }

    /// <summary>Examples hold a word in the place of secrets, with which nothing starts.</summary>
    private static void Add(Dictionary<string, string> settings, string name, string value)
    {
        if (name.StartsWith("SynthStudio__", StringComparison.Ordinal))
            settings[name.Replace("__", ":", StringComparison.Ordinal)] = value.Replace("change-me", "a-secret", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SynthStudio.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
