using System.Security.Cryptography;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.ClusterTorture;

/// <summary>Promises about bytes: that what was acknowledged is there, and that nothing else is.</summary>
internal static class DataChecks
{
    private const int MostListings = 30;

    /// <summary>A replica keeps its copy of an upload that went on elsewhere for five minutes, in case it comes back, and looks every minute.</summary>
    private static readonly TimeSpan CopyTime = TimeSpan.FromMinutes(6.5);

    public static async Task<Finding> UploadsAsync(Journal journal, Stores stores)
    {
        var broken = new List<string>();
        var known = (await stores.ReadAsync("SELECT name, object FROM datasets", r => (Name: r.GetString(0), Json: r.IsDBNull(1) ? null : r.GetString(1))))
            .ToDictionary(d => d.Name, d => d.Json);
        foreach (var upload in journal.Uploads.Values)
        {
            try
            {
                if (known.GetValueOrDefault(upload.Dataset) is not { } json) broken.Add($"{upload.Dataset} is not there, or has no bytes");
                else if (!(await ReadAsync(stores, KeyIn(json))).AsSpan().SequenceEqual(upload.Content)) broken.Add($"{upload.Dataset} has other bytes");
            }
            catch (Exception e) when (e is IOException)
            {
                broken.Add($"{upload.Dataset}: {e.Message}");
            }
        }

        return new("every acknowledged upload is there, byte by byte", journal.Uploads.Count, broken);
    }

    public static async Task<Finding> RowsAsync(Journal journal, TortureCluster cluster)
    {
        var broken = new List<string>();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var client = new Client(cluster.Replicas, journal, 0, limit.Token);
        foreach (var rows in journal.Rows)
        {
            try
            {
                var csv = await client.AskAsync(studio => User.ReadRowsAsync(studio, rows.SyntheticDataset, client.Limits));
                if (!SHA256.HashData(csv).AsSpan().SequenceEqual(rows.Sha256)) broken.Add($"{rows.SyntheticDataset} has other rows than were delivered before");
            }
            catch (Exception e) when (e is OperationCanceledException or TortureException)
            {
                broken.Add($"{rows.SyntheticDataset} is not delivered: {e.Message}");
            }
        }

        return new("rows that were drawn are delivered again, byte by byte", journal.Rows.Count, broken);
    }

    /// <summary>What lies in the bucket and nobody names: objects, and pieces of uploads that are not open. Looks only.</summary>
    public static async Task<List<string>> LeftOverAsync(Stores stores, TortureCluster cluster)
    {
        var open = await OpenSessionsAsync(stores);
        var stored = await StoredAsync(stores);
        var named = await new ObjectReferences(stores.Database).ReadAsync(CancellationToken.None);
        return
        [
            .. stored.Except(named).Select(key => $"{key} is named by nobody"),
            .. (await PiecesAsync(cluster)).Where(key => !open.Any(key.Contains)).Select(key => $"{key} is left of an upload that is complete"),
        ];
    }

    /// <summary>Compares what is stored with what is named. Looks only: what is left over the cluster has had its time to clean (<see cref="Cleaning"/>).</summary>
    public static async Task<Finding> ObjectsAsync(Stores stores, TortureCluster cluster)
    {
        var broken = await LeftOverAsync(stores, cluster);
        var stored = await StoredAsync(stores);
        var named = await new ObjectReferences(stores.Database).ReadAsync(CancellationToken.None);
        broken.AddRange(named.Except(stored).Select(key => $"{key} is named and not there"));
        foreach (var key in named.Intersect(stored))
        {
            try
            {
                await ReadAsync(stores, key);
            }
            catch (Exception e) when (e is IOException)
            {
                broken.Add($"{key}: {e.Message}");
            }
        }

        return new("no object is lost, damaged or left over", stored.Count, broken);
    }

    /// <summary>Folders of runs and files on their way, in the processes' own folders.</summary>
    public static Finding Folders(TortureCluster cluster, Func<Node, bool> which)
    {
        var broken = new List<string>();
        var looked = 0;
        foreach (var node in cluster.Nodes.Where(which))
        {
            var own = node.ProcessId is { } process ? $"/proc/{process}/root{node.Folder}" : node.Folder;
            foreach (var (folder, isSilo) in new[] { ("scratch", true), ("s3/incoming", false), ("uploads", false) })
            {
                var path = Path.Combine(own, folder);
                if (!Directory.Exists(path)) continue;
                looked++;
                var left = isSilo
                    ? Directory.EnumerateDirectories(path).SelectMany(Directory.EnumerateFileSystemEntries).Concat(Directory.EnumerateDirectories(path).Skip(1))
                    : Directory.EnumerateFileSystemEntries(path).Where(file => TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(file) > CopyTime);
                broken.AddRange(left.Select(l => $"{node.Name}: {Path.GetRelativePath(own, l)}"));
            }
        }

        return new("no file of a run or an upload is left in a process's folder", looked, broken);
    }

    private static Task<HashSet<string>> StoredAsync(Stores stores) => ListAsync(async () =>
    {
        var stored = new HashSet<string>();
        await foreach (var one in stores.Objects.ListAsync()) stored.Add(one.Key);
        return stored;
    });

    /// <summary>A listing of the bucket. The tests' server fails to list what is removed meanwhile, which the cluster does here: it is asked again.</summary>
    private static async Task<T> ListAsync<T>(Func<Task<T>> list)
    {
        for (var left = MostListings; ; left--)
        {
            try
            {
                return await list();
            }
            catch (Exception e) when (left > 0 && e is (StorageUnavailableException or AmazonS3Exception))
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static async Task<HashSet<string>> OpenSessionsAsync(Stores stores) =>
        [.. await stores.ReadAsync("SELECT session FROM uploads WHERE state = 'Open'", r => r.GetString(0))];

    private static async Task<List<string>> PiecesAsync(TortureCluster cluster)
    {
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(S3Server.Key, S3Server.Key), new AmazonS3Config { ServiceURL = cluster.Servers.S3.Endpoint, ForcePathStyle = true });
        return await ListAsync(() => AllPagesAsync(async next =>
        {
            var request = new ListObjectsV2Request
            {
                BucketName = S3Server.Bucket, Prefix = $"{cluster.Processes.Prefix}uploads/", ContinuationToken = next,
            };
            var page = await client.ListObjectsV2Async(request);
            return ((page.S3Objects ?? []).Select(o => o.Key), page.NextContinuationToken);
        }));
    }

    /// <summary>A listing that comes in pages, all of it.</summary>
    /// <param name="page">Asks for the page after a token, null for the first; answers its keys and the token of the next, null at the end.</param>
    internal static async Task<List<string>> AllPagesAsync(Func<string?, Task<(IEnumerable<string> Keys, string? Next)>> page)
    {
        var all = new List<string>();
        string? next = null;
        do
        {
            (var keys, next) = await page(next);
            all.AddRange(keys);
        }
        while (!string.IsNullOrEmpty(next));

        return all;
    }

    private static async Task<byte[]> ReadAsync(Stores stores, string key)
    {
        var sha256 = key[(key.LastIndexOf('/') + 1)..];
        await using var stream = await stores.Objects.OpenReadAsync(new(key, sha256, 0, ""), verify: false);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())) == sha256 ? bytes.ToArray() : throw new IOException($"{key} has other bytes than its name says.");
    }

    private static string KeyIn(string json) => JsonDocument.Parse(json).RootElement.GetProperty("key").GetString()!;
}
