// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using Xunit;

namespace NnTrain.Tests.Data;

public sealed class IdxFileTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(2, 3)]
    [InlineData(4, 28, 28)]
    [InlineData(0, 28, 28)]
    public void An_array_is_read_with_its_shape(params int[] shape)
    {
        var elements = DataFolder.Ramp(shape.Aggregate(1, (product, extent) => product * extent));
        var read = IdxFile.Parse(DataFolder.Idx(elements, shape), "x");
        Assert.Equal(shape, read.Shape);
        Assert.Equal(elements, read.Elements);
    }

    [Fact]
    public void A_compressed_file_is_told_by_its_first_bytes()
    {
        using var folder = new DataFolder();
        var plain = DataFolder.Idx([1, 2, 3], 3);
        folder.Write("plain", plain);
        folder.WriteCompressed("packed", plain);
        Assert.Equal([1, 2, 3], IdxFile.Read(Path.Combine(folder.Source, "plain")).Elements);
        Assert.Equal([1, 2, 3], IdxFile.Read(Path.Combine(folder.Source, "packed.gz")).Elements);
    }

    [Fact]
    public void Every_shorter_file_and_a_longer_one_are_refused()
    {
        var file = DataFolder.Idx(DataFolder.Ramp(6), 2, 3);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<DatasetException>(() => IdxFile.Parse(file[..length], "x"));
        }
        Assert.Contains("too long", Assert.Throws<DatasetException>(() => IdxFile.Parse([.. file, 0], "x")).Message, StringComparison.Ordinal);
        Assert.Contains("truncated", Assert.Throws<DatasetException>(() => IdxFile.Parse(file[..^1], "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 9 }, "two zero bytes")]
    [InlineData(new byte[] { 0, 0, 0x0D, 1, 0, 0, 0, 1, 9 }, "0x0d")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "absurdly large")]
    public void What_is_not_an_array_of_bytes_is_refused_with_the_reason(byte[] content, string reason)
    {
        var message = Assert.Throws<DatasetException>(() => IdxFile.Parse(content, "some-file")).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.StartsWith("some-file", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_compression_and_missing_files_are_said_to_be_so()
    {
        using var folder = new DataFolder();
        folder.Write("broken.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255]);
        Assert.Contains(
            "damaged",
            Assert.Throws<DatasetException>(() => IdxFile.Read(Path.Combine(folder.Source, "broken.gz"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => IdxFile.Read(Path.Combine(folder.Source, "none")));
    }

    /// <summary>Data that end early may still make a whole array: what is missing can be nothing but the checksum behind them.</summary>
    [Fact]
    public void Every_shorter_compressed_file_is_refused()
    {
        using var folder = new DataFolder();
        folder.WriteCompressed("whole", DataFolder.Idx(DataFolder.Ramp(600), 600));
        var packed = File.ReadAllBytes(Path.Combine(folder.Source, "whole.gz"));
        for (var length = 2; length < packed.Length; length++)
        {
            folder.Write("short.gz", packed[..length]);
            var message = Assert.Throws<DatasetException>(() => IdxFile.Read(Path.Combine(folder.Source, "short.gz"))).Message;
            Assert.Contains("truncated", message, StringComparison.Ordinal);
        }
        folder.Write("two.gz", [.. Packed(folder, DataFolder.Idx([], 4)[..8]), .. Packed(folder, [1, 2, 3, 4])]);
        Assert.Equal([1, 2, 3, 4], IdxFile.Read(Path.Combine(folder.Source, "two.gz")).Elements);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData(null)]
    public void What_cannot_be_read_to_an_end_is_refused_without_being_opened(string? device)
    {
        using var folder = new DataFolder();
        folder.WriteOwnSet();
        var path = Path.Combine(folder.Source, "t10k-labels-idx1-ubyte");
        File.Delete(path);
        if (device is null)
        {
            using var made = System.Diagnostics.Process.Start("mkfifo", path);
            made.WaitForExit();
        }
        else
        {
            File.CreateSymbolicLink(path, device);
        }
        var message = Assert.Throws<DatasetException>(() => DatasetInstaller.Get("own", folder.Root, null, folder.Source)).Message;
        Assert.Contains($"{path}: empty, or not a plain file", message, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => DatasetInstaller.Get("fashion-mnist", folder.Root, null, folder.Source));
    }

    private static byte[] Packed(DataFolder folder, byte[] content)
    {
        folder.WriteCompressed("part", content);
        return File.ReadAllBytes(Path.Combine(folder.Source, "part.gz"));
    }
}
