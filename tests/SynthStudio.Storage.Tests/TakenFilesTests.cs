using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests;

/// <summary>Files that are taken over while whoever made them deletes them or puts others in their place.</summary>
[TestClass]
public sealed class TakenFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taken-");
    private readonly byte[] _bytes = TestStorage.Bytes(5000), _others = TestStorage.Bytes(4000, seed: 2);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private string MadeFile => Path.Combine(_folder.FullName, "made");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow(false, DisplayName = "deleted")]
    [DataRow(true, DisplayName = "replaced")]
    public async Task A_file_that_goes_while_it_is_sent_is_stored_as_it_was_opened(bool replaced)
    {
        var bucket = new S3StorageOptions
        {
            Bucket = S3Server.Bucket, Endpoint = (await S3Server.SharedAsync()).Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = $"{Guid.NewGuid():N}/",
            CacheBytes = 1 << 20,
        };
        await File.WriteAllBytesAsync(MadeFile, _bytes, Cancellation);
        using var store = new S3ObjectStore(
            new HookedClient(bucket, () => Change(replaced)), bucket, _folder.CreateSubdirectory("s3").FullName, TimeProvider.System);

        var put = await store.PutFileAsync(MadeFile, "a/b", Cancellation);

        Assert.AreEqual((Convert.ToHexStringLower(SHA256.HashData(_bytes)), _bytes.Length), (put.Sha256, (int)put.Size));
        CollectionAssert.AreEqual(_bytes, await File.ReadAllBytesAsync(await store.GetLocalPathAsync(put, Cancellation), Cancellation));
        await using var stored = await store.OpenReadAsync(put, verify: true, Cancellation);
        await stored.CopyToAsync(Stream.Null, Cancellation);
        AssertOthersStay(replaced);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "deleted")]
    [DataRow(true, DisplayName = "replaced")]
    public async Task A_file_that_goes_between_hashing_and_encrypting_is_stored_as_it_was_opened(bool replaced)
    {
        await File.WriteAllBytesAsync(MadeFile, _bytes, Cancellation);
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton<IProjectKeys>(new HookedKeys(() => Change(replaced)))
            .AddSingleton(new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Bytes)))
            .AddSynthStudioStorage(
                new StorageOptions { Root = Path.Combine(_folder.FullName, "store"), Encrypt = true, CacheBytes = 1 << 20 })
            .BuildServiceProvider();
        var project = services.GetRequiredService<IObjectStore>().OfProject("projects/a");

        var put = await project.PutFileAsync(MadeFile, "a/b", Cancellation);

        CollectionAssert.AreEqual(_bytes, await File.ReadAllBytesAsync(await project.GetLocalPathAsync(put, Cancellation), Cancellation));
        AssertOthersStay(replaced);
    }

    private void Change(bool replaced)
    {
        if (!replaced)
        {
            File.Delete(MadeFile);
            return;
        }

        File.WriteAllBytes(MadeFile + ".part", _others);
        File.Move(MadeFile + ".part", MadeFile, overwrite: true);
    }

    private void AssertOthersStay(bool replaced)
    {
        Assert.AreEqual(replaced, File.Exists(MadeFile));
        if (replaced) CollectionAssert.AreEqual(_others, File.ReadAllBytes(MadeFile));
    }

    private sealed class HookedClient(S3StorageOptions bucket, Action beforePut) : AmazonS3Client(
        new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = bucket.Endpoint, AuthenticationRegion = bucket.Region, ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        })
    {
        public override Task<PutObjectResponse> PutObjectAsync(PutObjectRequest request, CancellationToken cancellationToken = default)
        {
            beforePut();
            return base.PutObjectAsync(request, cancellationToken);
        }
    }

    private sealed class HookedKeys(Action beforeUse) : IProjectKeys
    {
        private readonly ProjectKey _key = new(Guid.NewGuid(), RandomNumberGenerator.GetBytes(MasterKey.Bytes));

        public ValueTask<ProjectKey> CurrentAsync(string project, CancellationToken cancellation)
        {
            beforeUse();
            return ValueTask.FromResult(_key);
        }

        public ValueTask<ProjectKey?> FindAsync(Guid id, CancellationToken cancellation) => ValueTask.FromResult<ProjectKey?>(_key);
    }
}
