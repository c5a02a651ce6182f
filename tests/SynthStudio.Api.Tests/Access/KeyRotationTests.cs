using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Signing keys over a month and a day, by a clock that the test turns.</summary>
[TestClass]
public sealed class KeyRotationTests
{
    private static readonly SigningKeyPolicy Policy = SigningKeyPolicy.Default;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_token_of_the_old_key_works_after_the_change_until_its_time_and_the_key_goes_later()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-keys-");
        try
        {
            var database = $"Data Source={Path.Combine(folder.FullName, "catalog.db")};Pooling=False";
            CatalogSchema.Apply(database);
            await using var services = new ServiceCollection().AddSynthStudioCatalog(database).BuildServiceProvider();
            var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            using var ring = new SigningKeyRing(services.GetRequiredService<SigningKeyStore>(), time);
            var issuer = new TokenIssuer(ring, new ApiOptions(), time);
            var validator = new TokenValidator(ring, new ApiOptions(), time);
            var caller = new Caller("users/ada", UserRole.User, AccessScope.Write, "key", DateTimeOffset.MaxValue);
            var first = (await PublishedAsync(ring)).Single();

            time.Advance(Policy.SignsFor - TimeSpan.FromMinutes(5));
            var (token, _) = await issuer.IssueAsync(caller, TestContext.CancellationToken);
            var both = await PublishedAsync(ring);
            Assert.HasCount(2, both, "The next key is published before it signs.");
            Assert.AreEqual(first, await SigningAsync(ring));

            time.Advance(TimeSpan.FromMinutes(6));
            var second = await SigningAsync(ring);
            Assert.AreNotEqual(first, second);
            CollectionAssert.AreEquivalent(new[] { first, second }, await PublishedAsync(ring));
            Assert.AreEqual("users/ada", (await validator.ValidateAsync(token, TestContext.CancellationToken))?.User);
            var (newer, _) = await issuer.IssueAsync(caller, TestContext.CancellationToken);
            Assert.IsNotNull(await validator.ValidateAsync(newer, TestContext.CancellationToken));

            time.Advance(TokenIssuer.Lifetime);
            Assert.IsNull(await validator.ValidateAsync(token, TestContext.CancellationToken), "Its ten minutes are over.");

            time.Advance(Policy.KeptFor);
            CollectionAssert.AreEqual(new[] { second }, await PublishedAsync(ring));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The ids in the published key set.</summary>
    private static async Task<string[]> PublishedAsync(SigningKeyRing ring) =>
        [.. (await KeySet.GetAsync(ring, new DefaultHttpContext())).Value!.Keys.Select(key => key.Id)];

    private async Task<string> SigningAsync(SigningKeyRing ring) => (await ring.GetAsync(TestContext.CancellationToken)).Signing.Pair.KeyId;
}
