// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using Xunit;

namespace NnTrain.Tests.Data;

public sealed class CifarRecordsTests
{
    [Fact]
    public void Planes_of_colour_become_pixels_of_three_channels()
    {
        var file = new byte[2 * CifarRecords.RecordBytes];
        for (var image = 0; image < 2; image++)
        {
            file[image * CifarRecords.RecordBytes] = (byte)(image + 4);
            for (var i = 0; i < 3072; i++)
            {
                file[image * CifarRecords.RecordBytes + 1 + i] = (byte)((i * 7 + image) % 256);
            }
        }
        var (pixels, labels) = CifarRecords.Parse(file, "x");
        Assert.Equal([4, 5], labels);
        for (var image = 0; image < 2; image++)
        {
            for (var row = 0; row < 32; row++)
            {
                for (var column = 0; column < 32; column++)
                {
                    for (var channel = 0; channel < 3; channel++)
                    {
                        var plane = channel * 1024 + row * 32 + column;
                        Assert.Equal((byte)((plane * 7 + image) % 256), pixels[((image * 32 + row) * 32 + column) * 3 + channel]);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_file_that_ends_inside_a_record_is_refused() => Assert.Throws<DatasetException>(
        () => CifarRecords.Parse(new byte[CifarRecords.RecordBytes * 3 - 1], "x"));
}
