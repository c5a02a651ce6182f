using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using YamlDotNet.RepresentationModel;

namespace SynthStudio.Hosting.Tests;

/// <summary>The files under tools/deploy and the Dockerfiles say what the program understands.</summary>
[TestClass]
public sealed partial class DeployTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Deploy = Path.Combine(Root, "tools", "deploy");

    [TestMethod]
    public void Manifests_are_what_kubernetes_knows_and_every_container_is_hardened()
    {
        var objects = Manifests();
        Assert.IsGreaterThan(20, objects.Count);
        foreach (var pod in objects.Select(PodOf).OfType<V1PodTemplateSpec>())
        {
            Assert.IsTrue(pod.Spec.SecurityContext.RunAsNonRoot);
            var container = pod.Spec.Containers.Single();
            Assert.IsTrue(container.SecurityContext.ReadOnlyRootFilesystem, container.Name);
            Assert.IsFalse(container.SecurityContext.AllowPrivilegeEscalation, container.Name);
            Assert.AreEqual("ALL", container.SecurityContext.Capabilities.Drop.Single(), container.Name);
            Assert.IsNotNull(container.Resources.Limits["memory"], container.Name);
            var volumes = pod.Spec.Volumes.Select(v => v.Name).ToHashSet();
            foreach (var mount in container.VolumeMounts) Assert.Contains(mount.Name, volumes, container.Name);
        }
    }

    [TestMethod]
    public void The_ports_of_silos_are_open_to_silos_and_api_replicas_only()
    {
        var open = Manifests().OfType<V1NetworkPolicy>().SelectMany(p => p.Spec.Ingress ?? [])
            .Where(rule => rule.Ports.Any(port => port.Port!.Value is "11111" or "30000"));
        foreach (var from in open.SelectMany(rule => rule.FromProperty))
            Assert.IsTrue(from.PodSelector.MatchLabels["app.kubernetes.io/component"] is "silo" or "api");
        Assert.IsTrue(Manifests().OfType<V1NetworkPolicy>().Any(p => p.Name() == "deny-all" && p.Spec.Ingress is null), "What is not allowed is denied.");
    }

    [TestMethod]
    public void Every_setting_that_is_set_somewhere_exists_and_may_have_its_value()
    {
        var processes = ComposeProcesses().Concat(KubernetesProcesses()).ToList();
        Assert.IsGreaterThan(6, processes.Count);
        foreach (var (name, settings) in processes)
        {
            var options = ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings!).Build());
            options.DataFolder = "/data"; // The images set it.
            if (options.Migration.ServiceRole.Length == 0) ServerSettings.Check(options);
            Assert.IsTrue(options.Database.IsPostgres, name);
        }

        foreach (var file in new[] { "Dockerfile.api", "Dockerfile.silo" })
        {
            var settings = SettingInDockerfile().Matches(File.ReadAllText(Path.Combine(Root, file)))
                .ToDictionary(m => m.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal), string? (m) => m.Groups[2].Value);
            Assert.IsNotEmpty(settings, file);
            Assert.AreEqual("/data", ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).DataFolder);
        }
    }

    private static List<object> Manifests() =>
        [.. Directory.EnumerateFiles(Path.Combine(Deploy, "kubernetes"), "*.yaml").SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true))];

    private static V1PodTemplateSpec? PodOf(object manifest) => manifest switch
    {
        V1Deployment deployment => deployment.Spec.Template,
        V1Job job => job.Spec.Template,
        _ => null,
    };

    private static IEnumerable<(string Name, Dictionary<string, string> Settings)> KubernetesProcesses()
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

    private static IEnumerable<(string Name, Dictionary<string, string> Settings)> ComposeProcesses()
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(Path.Combine(Deploy, "compose", "compose.yaml"))) yaml.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(text)));
        var services = (YamlMappingNode)((YamlMappingNode)yaml.Documents[0].RootNode)["services"];
        foreach (var (name, service) in services.Children.Select(s => ($"{s.Key}", (YamlMappingNode)s.Value)))
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
        if (name.StartsWith("SynthStudio__", StringComparison.Ordinal)) settings[name.Replace("__", ":", StringComparison.Ordinal)] = value.Replace("change-me", "a-secret", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SynthStudio.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"(SynthStudio__\w+)=([^\s\\]+)")]
    private static partial Regex SettingInDockerfile();
}
