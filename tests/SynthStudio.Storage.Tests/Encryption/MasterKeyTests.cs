using System.Security.Cryptography;

namespace SynthStudio.Storage.Tests.Encryption;

/// <summary>Sealed secrets.</summary>
[TestClass]
public sealed class MasterKeyTests
{
    private readonly byte[] _old = RandomNumberGenerator.GetBytes(MasterKey.Bytes), _new = RandomNumberGenerator.GetBytes(MasterKey.Bytes);

    [TestMethod]
    public void A_secret_is_opened_for_its_purpose_only_and_not_when_it_was_changed()
    {
        var master = new MasterKey(_old);
        byte[] secret = [1, 2, 3];
        var box = master.Seal(secret, "a");

        CollectionAssert.AreEqual(secret, master.Open(box, "a"));
        CollectionAssert.AreNotEqual(box, master.Seal(secret, "a"), "Equal secrets are not seen to be equal.");
        Assert.HasCount(secret.Length + MasterKey.Overhead, box);
        Assert.ThrowsExactly<SealBrokenException>(() => master.Open(box, "b"));
        for (var i = 0; i < box.Length; i++)
        {
            var changed = (byte[])box.Clone();
            changed[i] ^= 1;
            Assert.ThrowsExactly<SealBrokenException>(() => master.Open(changed, "a"), $"byte {i}");
            var length = i;
            Assert.ThrowsExactly<SealBrokenException>(() => master.Open(box.AsSpan(0, length), "a"), $"{i} bytes");
        }
    }

    [TestMethod]
    public void What_an_earlier_key_sealed_is_opened_while_that_is_named()
    {
        var box = new MasterKey(_old).Seal([7], "a");
        var turned = new MasterKey(_new, _old);

        CollectionAssert.AreEqual(new byte[] { 7 }, turned.Open(box, "a"));
        Assert.IsFalse(turned.IsCurrent(box));
        Assert.IsTrue(turned.IsCurrent(turned.Seal([7], "a")));
        Assert.Contains("not among those", Assert.ThrowsExactly<SealBrokenException>(() => new MasterKey(_new).Open(box, "a")).Message);
    }

    [TestMethod]
    public void What_the_key_to_come_sealed_is_opened_and_left_and_it_seals_nothing_yet()
    {
        var box = new MasterKey(_new).Seal([7], "a");
        var waiting = new MasterKey(_old) { Next = _new };

        CollectionAssert.AreEqual(new byte[] { 7 }, waiting.Open(box, "a"));
        Assert.IsTrue(waiting.IsCurrent(box), "Who sealed it anew would undo what others did.");
        CollectionAssert.AreEqual(new byte[] { 8 }, new MasterKey(_old).Open(waiting.Seal([8], "a"), "a"));
        Assert.IsFalse(new MasterKey(_old).IsCurrent(box));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("not base 64!")]
    [DataRow("AAAA")]
    public void A_key_that_is_none_is_refused_with_how_to_make_one(string text) =>
        Assert.Contains("head -c 32 /dev/urandom", Assert.ThrowsExactly<FormatException>(() => MasterKey.Parse(text)).Message);
}
