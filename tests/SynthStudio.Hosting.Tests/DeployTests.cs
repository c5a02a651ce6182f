using System.Text.RegularExpressions;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SynthStudio.Api.Readiness;
using SynthStudio.Orchestration;
using YamlDotNet.RepresentationModel;
using static SynthStudio.Hosting.Tests.DeployFiles;

namespace SynthStudio.Hosting.Tests;

/// <summary>The files under tools/deploy and the Dockerfiles say what the program understands.</summary>
[TestClass]
public sealed partial class DeployTests
{
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
    public void What_selects_finds_and_what_names_a_port_names_one_that_there_is()
    {
        var manifests = Manifests();
        var pods = manifests.Select(PodOf).OfType<V1PodTemplateSpec>().ToList();
        foreach (var deployment in manifests.OfType<V1Deployment>())
            Assert.IsTrue(Selects(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template), deployment.Name());
        foreach (var budget in manifests.OfType<V1PodDisruptionBudget>())
            Assert.IsTrue(pods.Any(pod => Selects(budget.Spec.Selector.MatchLabels, pod)), budget.Name());
        foreach (var policy in manifests.OfType<V1NetworkPolicy>())
        {
            Assert.IsTrue(pods.Any(pod => Selects(policy.Spec.PodSelector.MatchLabels, pod)), policy.Name());
            foreach (var from in (policy.Spec.Ingress ?? []).SelectMany(rule => rule.FromProperty).Select(from => from.PodSelector).OfType<V1LabelSelector>())
                Assert.IsTrue(pods.Any(pod => Selects(from.MatchLabels, pod)), policy.Name());
        }

        foreach (var service in manifests.OfType<V1Service>())
        {
            var behind = pods.Where(pod => Selects(service.Spec.Selector, pod)).Select(pod => pod.Spec.Containers.Single()).ToList();
            Assert.IsNotEmpty(behind, service.Name());
            foreach (var port in service.Spec.Ports) Assert.IsTrue(behind.TrueForAll(container => Has(container, port.TargetPort?.Value ?? $"{port.Port}")), $"{service.Name()} {port.Name}");
        }

        foreach (var container in pods.Select(pod => pod.Spec.Containers.Single()))
        {
            V1Probe?[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            foreach (var probe in probes.OfType<V1Probe>()) Assert.IsTrue(Has(container, probe.HttpGet.Port.Value), container.Name);
        }

        foreach (var scaler in manifests.OfType<V2HorizontalPodAutoscaler>())
            Assert.IsTrue(manifests.OfType<V1Deployment>().Any(d => d.Name() == scaler.Spec.ScaleTargetRef.Name), scaler.Name());
        static bool Has(V1Container container, string port) => container.Ports.Any(p => p.Name == port || $"{p.ContainerPort}" == port);
        static bool Selects(IDictionary<string, string>? labels, V1PodTemplateSpec pod) =>
            labels is null || labels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
    }

    /// <summary>
    /// A manifest that says how many takes back, with every <c>kubectl apply</c>, what an autoscaler decided:
    /// silos with jobs on them would leave.
    /// </summary>
    [TestMethod]
    public void What_an_autoscaler_scales_is_not_given_a_number_too()
    {
        var manifests = Manifests();
        var scaled = manifests.OfType<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Spec.ScaleTargetRef.Name).ToList();
        CollectionAssert.AreEquivalent(new[] { "api", "compute", "compute-gpu" }, scaled);
        foreach (var deployment in manifests.OfType<V1Deployment>())
            Assert.AreEqual(scaled.Contains(deployment.Name()), deployment.Spec.Replicas is null, deployment.Name());
    }

    /// <summary>What a process writes to is a folder that may be written, and the ledger's key is there.</summary>
    [TestMethod]
    public void Containers_write_only_where_something_is_mounted()
    {
        foreach (var container in Manifests().Select(PodOf).OfType<V1PodTemplateSpec>().Select(pod => pod.Spec.Containers.Single()))
        {
            var writable = container.VolumeMounts.Where(m => m.ReadOnlyProperty != true).Select(m => m.MountPath).ToList();
            CollectionAssert.AreEquivalent(new[] { "/data", "/tmp" }, writable, container.Name);
            Assert.IsTrue(container.VolumeMounts.Any(m => m is { MountPath: "/secrets", ReadOnlyProperty: true }), container.Name);
        }

        var compose = File.ReadAllText(Path.Combine(Deploy, "compose", "compose.yaml"));
        foreach (var file in new[] { "Dockerfile.api", "Dockerfile.silo" })
        {
            var image = File.ReadAllText(Path.Combine(Root, file));
            foreach (var line in new[] { "\nUSER app\n", "\nVOLUME /data\n", "\nHEALTHCHECK " }) Assert.Contains(line, image, file);
            Assert.Contains($"dockerfile: {file}", compose);
        }
    }

    [TestMethod]
    public void Containers_of_the_compose_file_that_are_ours_or_end_by_themselves_are_hardened()
    {
        var services = (YamlMappingNode)Compose()["services"];
        foreach (var name in new[] { "silo", "api", "migrate", "bucket" })
        {
            var service = (YamlMappingNode)services[name];
            Assert.AreEqual("true", $"{service["read_only"]}", name);
            CollectionAssert.AreEqual(new[] { "/tmp" }, Items(service["tmpfs"]), name);
            CollectionAssert.AreEqual(new[] { "ALL" }, Items(service["cap_drop"]), name);
            CollectionAssert.AreEqual(new[] { "no-new-privileges:true" }, Items(service["security_opt"]), name);
        }

        static string[] Items(YamlNode list) => [.. ((YamlSequenceNode)list).Select(item => $"{item}")];
    }

    [TestMethod]
    public void Alerts_ask_for_targets_and_checks_that_there_are()
    {
        var alerts = File.ReadAllText(Path.Combine(Deploy, "observability", "alerts.yaml"));
        var scraped = (YamlSequenceNode)Yaml(Path.Combine(Deploy, "compose", "prometheus.yaml"))["scrape_configs"];
        CollectionAssert.AreEquivalent(
            scraped.Select(target => $"{target["job_name"]}").ToArray(),
            TargetInAlert().Matches(alerts).Select(m => m.Groups[1].Value).Distinct().ToArray());

        var services = new ServiceCollection().AddReplicaRedis(new RedisSettings { ConnectionString = "redis:6379" });
        services.AddSynthStudioHealth();
        using var provider = services.BuildServiceProvider();
        var checks = provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name).ToArray();
        var asked = CheckInAlert().Matches(alerts).Select(m => m.Groups[1].Value).ToArray();
        CollectionAssert.AreEquivalent(new[] { "catalog", "objects", "redis" }, asked);
        CollectionAssert.IsSubsetOf(asked, checks);
    }

    /// <summary>A user whose tables are bad must not wake anybody.</summary>
    [TestMethod]
    public void Failing_jobs_raise_an_alert_where_the_reason_is_the_services()
    {
        var rules = (YamlSequenceNode)Yaml(Path.Combine(Deploy, "observability", "alerts.yaml"))["groups"][0]["rules"];
        var asked = ReasonsInAlert().Match($"{rules.Single(rule => $"{rule["alert"]}" == "SynthStudioJobsFail")["expr"]}");
        Assert.IsTrue(asked.Success);
        var ours = new Regex($"^(?:{asked.Groups[1].Value})$");
        string[] services =
        [
            WorkError.StorageUnavailable, WorkError.StorageFull, WorkError.StorageRefused, "DISK_FULL", "INTERNAL", "SILO_ERROR", "WORKER_CRASHED",
            "WORKER_LOST", "WORKER_NOT_STARTED", "OBJECT_MISSING", "OBJECT_DAMAGED",
        ];
        string[] users =
        [
            "RAGGED_ROW", "TOO_FEW_ROWS", "INVALID_SCHEMA", "OPTION_OUT_OF_RANGE", "RESERVATION_MISSING", "OUT_OF_MEMORY", "TOTAL_TIME_EXCEEDED",
        ];

        Assert.AreEqual("", string.Join(' ', services.Where(reason => !ours.IsMatch(reason))), "Nobody is told of them.");
        Assert.AreEqual("", string.Join(' ', users.Where(reason => ours.IsMatch(reason))), "They are the users'.");
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
            Assert.Contains("\n    SynthStudio__LogFormat=json ", File.ReadAllText(Path.Combine(Root, file)), "What collects lines of containers wants trace ids.");
            var settings = SettingInDockerfile().Matches(File.ReadAllText(Path.Combine(Root, file)))
                .ToDictionary(m => m.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal), string? (m) => m.Groups[2].Value);
            Assert.IsNotEmpty(settings, file);
            Assert.AreEqual("/data", ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).DataFolder);
        }
    }

    /// <summary>Kubernetes ends a pod whose volume is full: caches, logs and the largest tables have room in it, and a tenth is left.</summary>
    [TestMethod]
    public void Caches_and_permitted_uploads_fit_into_the_volumes()
    {
        var settings = KubernetesProcesses()
            .ToDictionary(p => p.Name, p => ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(p.Settings!).Build()));
        var pods = Manifests().OfType<V1Deployment>().Select(d => d.Spec.Template.Spec).ToList();
        Assert.IsGreaterThan(3, pods.Count);
        foreach (var pod in pods)
        {
            var name = pod.Containers.Single().Name;
            var set = settings[name];
            // A table that is uploaded lies there in pieces and whole, and another may come meanwhile; one that is
            // learned lies there encrypted, as a copy and as rows.
            var tables = set.Role switch { ServerRole.Api => 4, ServerRole.Compute => 3 * set.Slots, _ => 0 };
            var needed = ServerLogs.MostBytes + set.S3.CacheBytes + set.Encryption.CacheBytes + (tables * set.Api.MaxUploadBytes);
            var room = pod.Volumes.Single(v => v.Name == "data").EmptyDir.SizeLimit.ToDecimal();
            Assert.IsLessThanOrEqualTo(room * 9 / 10, needed, $"{name}: {needed >> 30} GiB into {room / (1 << 30)} GiB");
        }
    }

    [TestMethod]
    public void Every_container_of_the_compose_file_that_serves_starts_again_by_itself()
    {
        var services = ((YamlMappingNode)Compose()["services"]).Children;
        Assert.IsGreaterThan(7, services.Count);
        foreach (var (name, service) in services)
        {
            var restart = ((YamlMappingNode)service).Children.TryGetValue("restart", out var value) ? $"{value}" : "no";
            Assert.AreEqual($"{name}" is "bucket" or "migrate" ? "no" : "unless-stopped", restart, $"{name}");
        }
    }

    [GeneratedRegex(@"up\{job=""(\w+)""\}")]
    private static partial Regex TargetInAlert();

    [GeneratedRegex(@"synthstudio_health\{check=""(\w+)""\}")]
    private static partial Regex CheckInAlert();

    [GeneratedRegex(@"synthstudio_jobs_failed_total\{reason=~'([^']+)'\}")]
    private static partial Regex ReasonsInAlert();

    [GeneratedRegex(@"(SynthStudio__\w+)=([^\s\\]+)")]
    private static partial Regex SettingInDockerfile();
}
