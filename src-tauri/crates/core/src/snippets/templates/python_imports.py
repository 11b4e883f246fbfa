{% if scheme and (scheme.base64_key or not scheme.hex) %}
import base64
{% endif %}
{% if scheme %}
import hashlib
import hmac
{% endif %}
import json
import os
{% if scheme and (scheme.time or scheme.several) %}
import re
{% endif %}
